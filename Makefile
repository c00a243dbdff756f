# make demo        a payment and a refund from C, and the notification of both, against a local stand-in for DOKU; installs
#                  libmicrohttpd if it is missing
# make test        installs what the tests need and is missing, then runs everything
# make fuzz        random input for every parser and the C API, SECONDS=15 for each (make fuzz SECONDS=600)
# make lib         the library that programs link: target/release/libbayar.so and libbayar.a; with POSTGRES=1 its journal
#                  may be on PostgreSQL as well
# make install     the header, the libraries and bayar.pc, below PREFIX (/usr/local)
# make wheel       the Python package: target/wheel/bayar-*.whl; needs maturin. With POSTGRES=1 as above
# make generated   writes include/*.h and docs/*.md anew from the code
# make chaos       kills programs that pay and refund, thousands of times: docs/chaos.md
# make bench       the benchmarks, see benches/README.md

CC ?= cc
CARGO ?= cargo
LIB = target/release
DEMO = target/demo
PREFIX ?= /usr/local
FEATURES = capi$(if $(POSTGRES),$(comma)postgres)
comma = ,
INTO = $(DESTDIR)$(PREFIX)
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
CFLAGS_STRICT = -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror

SECONDS ?= 15
# Goes on where the last run ended. Others: make chaos CHAOS='--seed 7 --kills 100 --no-wait'
CHAOS = --seed 2026 --kills 560 --rounds 4 --state target/chaos.json --resume

.PHONY: demo test fuzz lib wheel install generated chaos bench

lib:
	$(CARGO) rustc --release --lib --features $(FEATURES) --crate-type cdylib
	$(CARGO) rustc --release --lib --features $(FEATURES) --crate-type staticlib
	ln -sf libbayar.so $(LIB)/libbayar.so.0

wheel:
	maturin build --release --locked --manifest-path bindings/python/Cargo.toml --target-dir target/python/cargo --out target/wheel $(if $(POSTGRES),--features postgres)

install: lib
	install -d $(INTO)/include $(INTO)/lib/pkgconfig
	install -m 644 include/bayar.h $(INTO)/include/
	install -m 644 $(LIB)/libbayar.a $(INTO)/lib/
	install -m 755 $(LIB)/libbayar.so $(INTO)/lib/libbayar.so.0
	ln -sf libbayar.so.0 $(INTO)/lib/libbayar.so
	printf 'prefix=%s\nName: bayar\nDescription: DANA e-wallet payments through DOKU\nVersion: %s\nLibs: -L$${prefix}/lib -lbayar\nCflags: -I$${prefix}/include\n' '$(PREFIX)' '$(VERSION)' > $(INTO)/lib/pkgconfig/bayar.pc

# The library is the one that users get; the sandbox is built quickly.
demo:
	tests/install.sh demo
	$(CARGO) rustc --release --lib --features capi --crate-type cdylib
	ln -sf libbayar.so $(LIB)/libbayar.so.0
	$(CARGO) build --package bayar-sandbox
	mkdir -p $(DEMO)
	$(CC) $(CFLAGS_STRICT) -Iinclude examples/c/pay.c -L$(LIB) -lbayar -Wl,-rpath,$(CURDIR)/$(LIB) -o $(DEMO)/pay
	$(CC) $(CFLAGS_STRICT) -pthread -Iinclude examples/c/webhook.c -L$(LIB) -lbayar -lmicrohttpd -Wl,-rpath,$(CURDIR)/$(LIB) -o $(DEMO)/webhook
	target/debug/bayar-sandbox run --notify http://127.0.0.1:0/notify --token-url /token -- examples/c/demo.sh $(DEMO)

test:
	tests/install.sh
	tests/run.sh

fuzz:
	tests/install.sh
	tests/fuzz.sh $(SECONDS)

generated:
	BAYAR_UPDATE=1 $(CARGO) test --features capi --test generated

# Those that lack something say what, and the others run.
bench:
	$(CARGO) bench --features capi --no-fail-fast --bench signing --bench payment --bench allocations --bench fresh --bench php_fresh --bench threads --bench notification --bench python --bench journal --bench size

chaos:
	$(CARGO) run --package bayar-chaos -- run $(CHAOS)

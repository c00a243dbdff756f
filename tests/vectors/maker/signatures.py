"""signature.json, minify.json and external_id.json."""
from . import wire

SECRET = "SK-bayar-vectors-0001"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3OTU0MDAwMDB9.c2FuZGJveA"
WIB = "2026-11-22T17:00:00+07:00"


def signature():
    pub_hmac, pub_rsa, pub_minify = (wire.published(n + ".json") for n in ("symmetric", "asymmetric", "minify"))
    cases = []

    def symmetric(name, body, path=wire.PAYMENT, method="POST", token=JWT, secret=SECRET, timestamp=WIB):
        text = wire.string_to_sign(method, path, token, body, timestamp)
        cases.append({"name": name, "kind": "symmetric", "client_secret": secret, "method": method, "path": path,
                      "token": token, "body": body, "timestamp": timestamp, "body_sha256": wire.body_sha256(body),
                      "string_to_sign": text, "signature": wire.hmac_sha512(secret, text)})
        return cases[-1]

    cases.append({"name": "published by Midtrans: the HMAC over a given string to sign", "kind": "symmetric_string",
                  "client_secret": pub_hmac["secret"], "string_to_sign": pub_hmac["string_to_sign"],
                  "signature": wire.hmac_sha512(pub_hmac["secret"], pub_hmac["string_to_sign"])})
    assert cases[0]["signature"] == pub_hmac["signature_base64"]
    doku = symmetric("published by DOKU: the pretty-printed body has the published hash", pub_minify["body"],
                     "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va", timestamp="2024-03-26T16:01:41+07:00")
    assert doku["body_sha256"] == pub_minify["sha256_hex"]
    same = symmetric("the minified body has the same signature as the pretty-printed one", pub_minify["minified"],
                     "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va", timestamp="2024-03-26T16:01:41+07:00")
    assert same["signature"] == doku["signature"]
    plain = symmetric("a status inquiry", '{"originalPartnerReferenceNo":"INV-0001","serviceCode":"55"}', wire.STATUS)
    symmetric("an empty body hashes as the empty string", "")
    symmetric("a body of white space hashes as the empty string", " \r\n\t ")
    symmetric("spaces inside a string count", '{"additionalInfo": {"orderTitle": "  Kopi   susu "}}')
    symmetric("escaped quotes do not end a string", '{"a": "satu \\" dua : tiga", "b": "x y"}')
    symmetric("an escaped backslash before a quote does end it", '{"a": "C:\\\\", "b": "x y"}')
    symmetric("text that is not ASCII is hashed as UTF-8", '{"additionalInfo":{"orderTitle":"Crème brûlée 咖啡"}}')
    symmetric("an emoji is hashed as its four bytes of UTF-8", '{"additionalInfo":{"orderTitle":"Kopi ☕ 😀"}}')
    symmetric("an escape is hashed as it is written, not as what it means", '{"orderTitle":"Cr\\u00e8me\\/br\\u00fbl\\u00e9e"}')
    symmetric("the letters & < > ' are hashed as they are", '{"url":"https://toko.example/?a=1&b=<2>","c":"\'"}')
    symmetric("the query belongs to the path", "", wire.STATUS + "?a=1&b=2", method="GET")
    symmetric("the path keeps its case and its last slash", "{}", "/Notify/DOKU/")
    symmetric("another timestamp form is signed as it stands", "{}", timestamp="2020-12-21T07:56:11.000Z")
    symmetric("an empty token leaves its place empty", "{}", token="")
    symmetric("a secret of one character", "{}", secret="k")
    symmetric("a secret longer than a block of SHA-512 (128 bytes)", "{}", secret="0123456789abcdef" * 9)

    def wrong_symmetric(name, signature):
        assert signature != plain["signature"]
        keep = ("client_secret", "method", "path", "token", "body", "timestamp")
        cases.append({"name": "does not verify: " + name, "kind": "symmetric_verify",
                      **{k: plain[k] for k in keep}, "signature": signature, "valid": False})

    right = plain["signature"]
    wrong_symmetric("the case of one letter changed", swap_one_letter(right))
    wrong_symmetric("truncated by four characters", right[:-4])
    wrong_symmetric("the padding cut off", right.rstrip("="))
    wrong_symmetric("the url-safe alphabet", right.replace("+", "-").replace("/", "_"))
    wrong_symmetric("the signature of another message", doku["signature"])
    wrong_symmetric("made with another secret", wire.hmac_sha512("SK-other", plain["string_to_sign"]))
    wrong_symmetric("empty", "")
    cases.append({**cases[-1], "name": "verifies: the right signature", "signature": right, "valid": True})

    private, public = pub_rsa["private_key_pem"], pub_rsa["public_key_pem"]

    def asymmetric(name, client_id, timestamp):
        text = client_id + "|" + timestamp
        cases.append({"name": name, "kind": "asymmetric", "private_key_pem": private, "public_key_pem": public,
                      "client_id": client_id, "timestamp": timestamp, "string_to_sign": text,
                      "signature": wire.rsa_sign(private, text)})
        return cases[-1]

    first = asymmetric("published by Midtrans: a token request", pub_rsa["client_id"], pub_rsa["timestamp"])
    assert first["signature"] == pub_rsa["signature_base64"] and first["string_to_sign"] == pub_rsa["string_to_sign"]
    second = asymmetric("a token request with DOKU's form of client id", "BRN-0211-1696919651918", WIB)
    asymmetric("a token request with a timestamp in UTC", "BRN-0211-1696919651918", "2026-11-22T10:00:00Z")
    asymmetric("a token request with milliseconds", "BRN-0211-1696919651918", "2026-11-22T10:00:00.000Z")

    def verify(name, signature, valid=False, timestamp=second["timestamp"], client_id=second["client_id"]):
        assert wire.rsa_verifies(public, client_id + "|" + timestamp, signature) == valid, name
        cases.append({"name": ("verifies: " if valid else "does not verify: ") + name, "kind": "asymmetric_verify",
                      "public_key_pem": public, "client_id": client_id, "timestamp": timestamp,
                      "signature": signature, "valid": valid})

    right = second["signature"]
    verify("the right signature of a token request", right, True)
    verify("the case of one letter of a token request's signature changed", swap_one_letter(right))
    verify("a token request's signature truncated by four characters", right[:-4])
    verify("a token request's signature with the padding cut off", right.rstrip("="))
    verify("a token request's signature in the url-safe alphabet", right.replace("+", "-").replace("/", "_"))
    verify("a token request's signature in hexadecimal", wire.base64.b64decode(right).hex())
    verify("a token request's signature, of another message", first["signature"])
    verify("a token request's signature, for another timestamp", right, timestamp="2026-11-22T17:00:01+07:00")
    verify("a token request's signature, for another client", right, client_id="BRN-0211-1696919651919")
    verify("a token request's signature, empty", "")
    return {"about": "Signatures. kind symmetric: compute body_sha256, string_to_sign and signature. symmetric_string: "
                     "HMAC over a given string. symmetric_verify, asymmetric_verify: is the signature valid? asymmetric: "
                     "sign with the key, and verify.",
            "source": "protocol.md sections 2 and 3; published/*.json; Python hmac and hashlib, openssl dgst",
            "cases": cases}


def swap_one_letter(signature):
    at = next(i for i, c in enumerate(signature) if i >= 20 and c.isalpha())
    return signature[:at] + signature[at].swapcase() + signature[at + 1:]


def minify():
    doku = wire.published("minify.json")
    inputs = [
        ("published by DOKU: spaces inside strings stay", doku["body"]),
        ("what is minified already does not change", doku["minified"]),
        ("an empty text", ""),
        ("white space alone becomes nothing", " \t\r\n"),
        ("an empty object with white space in it", "{ \n }"),
        ("an empty array with white space in it", " [ ] "),
        ("lines ending in CR LF", '{\r\n\t"a" : [ 1 ,\r\n 2 ]\r\n}\r\n'),
        ("a value that is neither object nor array", '  "a b"  '),
        ("numbers keep their spelling", '{ "a" : 1.0e+2 , "b" : 12345678901234567890123 , "c" : -0.0 , "d" : 1E5 }'),
        ("a number keeps more digits than a double has", "[ 0.10000000000000000000000000000000000001 ]"),
        ("escapes keep their spelling", '{ "a" : "\\u0041\\/\\t\\u00e9" }'),
        ("an escaped pair of surrogates keeps its spelling", '[ "\\ud83d\\ude00 x" ]'),
        ("an escaped quote does not end a string", '{ "a" : "b \\" : { c" , "d" : 1 }'),
        ("an escaped backslash before a quote ends the string", '{ "a" : "b \\\\" , "c" : " d " }'),
        ("an escaped backslash and an escaped quote", '{ "a" : "b \\\\\\" , c" , "d" : " e " }'),
        ("keys keep the order they came in", '{ "z" : 1 , "a" : 2 , "m" : 3 }'),
        ("a key twice stays twice", '{ "a" : 1 , "a" : 2 }'),
        ("a key keeps the spaces inside it", '{ " a b " : null }'),
        ("braces, brackets, colons and commas inside a string are text", '{ "a" : "{ [ : , ] }" }'),
        ("text that is not ASCII stays raw", '{ "a" : "é 咖啡 😀 x" }'),
        ("odd spaces inside a string stay", '{ "a" : "x\u00a0y\u2028z\u3000 " }'),
        ("literals", '[ true , false , null ]'),
        ("deep nesting", '{ "a" : { "b" : [ { "c" : [ [ ] ] } ] } }'),
    ]
    cases = [{"name": name, "input": text, "minified": wire.minify(text)} for name, text in inputs]
    assert cases[0]["minified"] == doku["minified"]
    return {"about": "Only white space (space, tab, CR, LF) outside strings is removed; numbers, escapes and the order of "
                     "keys stay as they are.",
            "source": "protocol.md section 3; published/minify.json", "cases": cases}


def external_id():
    cases = []

    def case(name, environment="sandbox", client_id="BRN-0211-1696919651918", client_secret=SECRET, kind="payment",
             reference="INV-0001", amount="10000.00"):
        inputs = dict(environment=environment, client_id=client_id, client_secret=client_secret, kind=kind,
                      reference=reference, amount=amount)
        cases.append({"name": name, **inputs, "external_id": wire.external_id(**inputs)})
        return cases[-1]["external_id"]

    first = case("a payment")
    assert case("an amount without decimals has the same id", amount="10000") == first
    others = [case("a refund with the same reference has another id", kind="refund"),
              case("production has another id", environment="production"),
              case("another client has another id", client_id="MCH-0008-1111111111111"),
              case("another secret has another id", client_secret="SK-bayar-vectors-0002"),
              case("another reference has another id", reference="INV-0002"),
              case("the case of the reference counts", reference="inv-0001"),
              case("another amount has another id", amount="10000.01")]
    assert len(set(others + [first])) == len(others) + 1
    case("the smallest amount", amount="1")
    case("the largest amount", amount="9999999999999999.99")
    case("a reference of 64 characters", reference="R" * 64)
    case("a refund's id is made of the refund's own reference", kind="refund", reference="INV-REF-0001")
    number = 1
    while not wire.external_id("sandbox", "BRN-0211-1696919651918", SECRET, "payment", "ORDER-%d" % number,
                               "25000").startswith("00"):
        number += 1
    case("an id that begins with zeros keeps them", reference="ORDER-%d" % number, amount="25000")
    return {"about": "The X-EXTERNAL-ID of an operation's first attempt, derived so that a lost journal repeats it.",
            "source": "README.md, 'X-EXTERNAL-ID'; journal.md, Model", "cases": cases}

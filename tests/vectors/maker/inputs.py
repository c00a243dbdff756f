"""bad_input.json and good_input.json: what is refused before anything is written or sent, and what is not."""
from .requests import ALL, BACK, DOKU_PAYMENT, LONG, NOON, PAY

ASK = {"original_partner_reference_no": "INV-0001"}
BASE = {"payment": PAY, "refund": BACK, "status": ASK}

BAD_AMOUNTS = [
    ("empty", ""), ("zero", "0"), ("zero with decimals", "0.00"), ("less than one rupiah", "0.99"), ("negative", "-5"),
    ("with a plus sign", "+5"), ("with an exponent", "1e4"), ("with English thousands", "10,000.00"),
    ("with Indonesian thousands, three decimals", "10.000"), ("with a decimal comma", "10000,50"),
    ("with one decimal", "10.5"), ("with a point and no decimals", "10000."), ("with decimals alone", ".50"),
    ("with three decimals", "10000.500"), ("in Arabic digits", "٣٠٠٠"), ("in full-width digits", "１００００"),
    ("of 17 digits", "12345678901234567"), ("of 17 digits with decimals", "12345678901234567.00"),
    ("with a leading space", " 10000"), ("with a trailing space", "10000 "), ("with an inner space", "10 000"),
    ("with a line end", "10000\n"), ("with the currency", "Rp10000"), ("with the currency behind", "10000 IDR"),
    ("hexadecimal", "0x10"), ("with an underscore", "10_000"), ("not a number", "NaN"), ("with a NUL", "10000\0")]
BAD_REFERENCES = [
    ("empty", ""), ("of 65 characters", LONG + "X"), ("with a control character", "INV\u0007001"), ("with a tab", "INV\t001"),
    ("with a line end", "INV-0001\n"), ("with a space", "INV 001"), ("not ASCII", "INV-é"), ("with a quote", 'INV"001'),
    ("with a backslash", "INV\\001"), ("with a NUL", "INV\0001"), ("with DEL", "INV\u007f001")]
BAD_RETURN_URLS = [
    ("empty", ""), ("with a space", "https://toko.example/a b"), ("with a leading space", " https://toko.example/"),
    ("with a control character", "https://toko.example/\u0001"), ("with a line end", "https://toko.example/\r\nX-Evil: 1"),
    ("not ASCII", "https://toko.example/é"), ("without a host", "https://"), ("of javascript", "javascript:alert(1)"),
    ("of javascript in capitals", "JavaScript:alert(1)"), ("of 513 characters", "https://toko.example/" + "a" * 492),
    ("with a NUL", "https://toko.example/\0")]
BAD_IPS = [
    ("of three parts", "1.2.3"), ("of five parts", "1.2.3.4.5"), ("with a part over 255", "256.1.1.1"), ("of version 6", "::1"),
    ("of version 4 in version 6", "::ffff:8.8.8.8"), ("with a leading zero", "01.2.3.4"), ("with a leading space", " 8.8.8.8"),
    ("with a line end", "8.8.8.8\n"), ("with a last point", "8.8.8.8."), ("in hexadecimal", "0x8.8.8.8"),
    ("in Arabic digits", "٨.٨.٨.٨"), ("with a port", "8.8.8.8:80"), ("a name", "localhost"), ("empty", "")]
BAD_DEVICES = [("with a symbol", "TILL-7"), ("with a space", "TILL 7"), ("not ASCII", "KASIRé"), ("of 65 characters", "A" * 65),
               ("empty", ""), ("with a line end", "TILL7\r\nX-Evil: 1")]
BAD_TEXTS = [("with a control character", "Kopi\u0007susu"), ("with a tab", "Kopi\tsusu"), ("with a line end", "Kopi\nsusu"),
             ("with DEL", "Kopi\u007fsusu"), ("with U+0085", "Kopi\u0085susu"), ("with U+2028", "Kopi\u2028susu"),
             ("with U+2029", "Kopi\u2029susu"), ("with a NUL", "Kopi\0susu"), ("of 256 characters", "a" * 256),
             ("of 256 characters that are not ASCII", "é" * 256)]
BAD_TIMES = [
    ("long past", "2020-01-01T00:00:00+07:00"), ("a word", "besok"), ("empty", ""), ("a date alone", "2099-01-01"),
    ("without a zone", "2099-01-01T10:00:00"), ("with a space for the T", "2099-01-01 10:00:00+07:00"),
    ("on the 30th of February", "2099-02-30T10:00:00+07:00"), ("on the 29th of February of a common year",
                                                              "2099-02-29T10:00:00+07:00"),
    ("in month 13", "2099-13-01T10:00:00+07:00"), ("at 25 hours", "2099-01-01T25:00:00+07:00"),
    ("at minute 60", "2099-01-01T10:60:00+07:00"), ("with words behind it", "2099-01-01T10:00:00+07:00 WIB"),
    ("in Unix seconds", "4070908800")]
BAD_EXTRAS = [
    ("an array", "[]"), ("a string", '"x"'), ("null", "null"), ("half an object", '{"a":"1"'), ("not JSON", "a=1"),
    ("two objects", '{"a":"1"}{"b":"2"}'), ("with single quotes", "{'a':'1'}"), ("with a trailing comma", '{"a":"1",}'),
    ("a known field within additionalInfo", '{"additionalInfo":{"channel":"EMONEY_OVO_SNAP"}}'),
    ("additionalInfo as a string", '{"additionalInfo":"x"}'),
    ("a key twice", '{"a":"1","a":"2"}'), ("a key twice, deeper", '{"a":{"b":"1","b":"2"}}'),
    ("a key twice, once escaped", '{"a":"1","\\u0061":"2"}'),
    ("a key twice, deeper in additionalInfo", '{"additionalInfo":{"origin":"1","origin":"2"}}'),
    ("U+2028 raw", '{"a":"x\u2028y"}'), ("U+2028 escaped", '{"a":"x\\u2028y"}'), ("U+2029 escaped", '{"a":"x\\u2029y"}'),
    ("U+2028 in a key", '{"a\\u2028":"x"}'), ("a line end, escaped", '{"a":"x\\ny"}'),
    ("a control character, escaped", '{"a":["x\\u0007y"]}'), ("a NUL, escaped", '{"a":"x\\u0000y"}'),
    ("a control character, raw", '{"a":"x\u0007y"}'), ("half a pair of surrogates", '{"a":"x\\ud800y"}')]
KNOWN = {
    "payment": [("partnerReferenceNo", '{"partnerReferenceNo":"X"}'), ("partnerReferenceNo, escaped",
                '{"partner\\u0052eferenceNo":"X"}'), ("amount", '{"amount":"1.00"}'), ("amount.value",
                '{"amount":{"value":"1.00"}}'), ("validUpTo", '{"validUpTo":"2099-01-01T10:00:00+07:00"}'),
                ("urlParam, which the request has not", '{"urlParam":[]}'),
                ("pointOfInitiation, which the request has not", '{"pointOfInitiation":"app"}'),
                ("additionalInfo.orderTitle, which the request has not", '{"additionalInfo":{"orderTitle":"x"}}')],
    "refund": [("partnerRefundNo", '{"partnerRefundNo":"X"}'), ("refundAmount.value", '{"refundAmount":{"value":"1.00"}}'),
               ("originalPartnerReferenceNo", '{"originalPartnerReferenceNo":"X"}'),
               ("originalExternalId, which the request has not", '{"originalExternalId":"1"}'),
               ("reason, which the request has not", '{"reason":"x"}')]}


def bad():
    cases = []

    def case(name, operation, field, request, now=NOON, settings=None, **more):
        if any("\0" in v for v in request.values() if isinstance(v, str)):
            more["has_nul"] = True
        cases.append({"name": name, "operation": operation, "settings": {"device_id": "TILL7", **(settings or {})},
                      "request": request, "now": now, "field": field, **more})

    def each(operation, field, words, values):
        for text, value in values:
            case("%s: %s %s" % (operation, words, text), operation, field, {**BASE[operation], field: value})

    each("payment", "amount", "an amount", BAD_AMOUNTS)
    each("refund", "amount", "an amount", BAD_AMOUNTS[:12])
    each("payment", "partner_reference_no", "a reference", BAD_REFERENCES)
    each("refund", "partner_refund_no", "a refund reference", BAD_REFERENCES)
    each("refund", "original_partner_reference_no", "an original reference", BAD_REFERENCES)
    each("status", "original_partner_reference_no", "an original reference", BAD_REFERENCES)
    for operation, fields in (("payment", ["partner_reference_no", "amount"]),
                              ("refund", ["original_partner_reference_no", "partner_refund_no", "amount"])):
        for field in fields:
            case("%s: %s is missing" % (operation, field), operation, field,
                 {k: v for k, v in BASE[operation].items() if k != field})
    each("payment", "return_url", "a return URL", BAD_RETURN_URLS)
    each("payment", "ip_address", "an IP address", BAD_IPS)
    each("refund", "ip_address", "an IP address", BAD_IPS[:4])
    each("payment", "device_id", "a device id", BAD_DEVICES)
    each("refund", "device_id", "a device id", BAD_DEVICES[:4])
    each("payment", "title", "a title", BAD_TEXTS)
    each("refund", "reason", "a reason", BAD_TEXTS)
    each("payment", "valid_up_to", "an end of validity", BAD_TIMES)
    case("payment: an end of validity one second ago", "payment", "valid_up_to",
         {**PAY, "valid_up_to": "2026-11-22T16:59:59+07:00"}, needs_clock=True)
    case("payment: an end of validity that is past in its own zone", "payment", "valid_up_to",
         {**PAY, "valid_up_to": "2026-11-22T17:30:00+08:00"}, needs_clock=True)
    each("payment", "point_of_initiation", "a point of initiation", [
        ("that is unknown", "web"), ("in capitals", "APP"), ("empty", ""), ("with a space", "app ")])
    each("refund", "original_external_id", "an original external id", [("of 65 characters", "1" * 65)])
    for operation in ("payment", "refund"):
        each(operation, "extra_json", "extra_json:", BAD_EXTRAS)
        each(operation, "extra_json", "extra_json overrides", KNOWN[operation])
    return {"about": "Each request must be refused before anything is written or sent; the error names `field`. has_nul: a "
                     "NUL is in the value, which C strings cannot carry (C skips it). needs_clock: only for a test that "
                     "can set the clock to `now`; the others hold on any day until 2098.",
            "source": "design.md P1 and section 3; protocol.md sections 4, 5 and 10", "cases": cases}


def good():
    cases = []

    def case(name, operation, request, now=NOON, **more):
        cases.append({"name": name, "operation": operation, "settings": {"device_id": "TILL7"}, "request": request,
                      "now": now, **more})

    def each(operation, field, words, values, **more):
        for text, value in values:
            case("%s: %s %s" % (operation, words, text), operation, {**BASE[operation], field: value}, **more)

    amounts = [("of one rupiah", "1"), ("of one rupiah with decimals", "1.00"), ("without decimals", "10000"),
               ("with sen", "10000.50"), ("of 16 digits", "9999999999999999"), ("of 16 digits with decimals", "9999999999999999.99")]
    each("payment", "amount", "an amount", amounts)
    each("refund", "amount", "an amount", amounts)
    references = [("of one character", "1"), ("of 64 characters", LONG), ("with a hyphen, a dot and an underscore", "INV-2026.11_22")]
    each("payment", "partner_reference_no", "a reference", references)
    each("refund", "partner_refund_no", "a refund reference", references)
    each("status", "original_partner_reference_no", "an original reference", references)
    each("payment", "ip_address", "an IP address", [("of 7 characters", "8.8.8.8"), ("of 15 characters", "203.113.201.177"),
                                                    ("with a part that is 0", "10.0.0.1")])
    each("payment", "device_id", "a device id", [("of one character", "7"), ("of 64 characters", "Ab3" * 21 + "9")])
    texts = [("with an emoji", "Kopi ☕😀"), ("with & < > ' \" \\ and é", "&<>'\"\\é"), ("of 255 characters", "a" * 255),
             ("of 255 characters that are four bytes each", "😀" * 255)]
    each("payment", "title", "a title", texts)
    each("refund", "reason", "a reason", texts)
    each("payment", "return_url", "a return URL", [
        ("that is a deep link", "bayarapp://done"), ("without a scheme, as DOKU prints it", "www.merchant.co.id"),
        ("without a scheme, with a path", "www.merchant.com/success"), ("with a query", "https://toko.example/k?a=1&b=2"),
        ("over http, with a port", "http://192.168.1.10:8080/kembali"), ("of 512 characters", "https://toko.example/" + "a" * 491)])
    each("payment", "point_of_initiation", "a point of initiation,", [(p, p) for p in ("app", "pc", "mweb")])
    case("payment: an end of validity one second ahead", "payment", {**PAY, "valid_up_to": "2026-11-22T17:00:01+07:00"},
         needs_clock=True)
    case("payment: an end of validity on a leap day", "payment", {**PAY, "valid_up_to": "2096-02-29T10:00:00+07:00"})
    case("payment: DOKU's sample", "payment", DOKU_PAYMENT, now=1608537371, needs_clock=True)
    case("payment: every field", "payment", ALL, needs_clock=True)
    case("refund: an original external id of 32 digits", "refund", {**BACK, "original_external_id": "1" * 32})
    each("payment", "extra_json", "extra_json:", [
        ("an empty object", "{}"), ("an unknown key", '{"lineItems":[{"name":"Kopi","price":"1.00","quantity":"1"}]}'),
        ("an unknown key within additionalInfo", '{"additionalInfo":{"origin":{"source":"Bayar"}}}'),
        ("a known name in another place", '{"additionalInfo":{"amount":"1"},"x":{"partnerReferenceNo":"y"}}')])
    return {"about": "Each request must be accepted. needs_clock: only for a test that can set the clock to `now`.",
            "source": "design.md section 3; protocol.md sections 4, 5 and 10", "cases": cases}

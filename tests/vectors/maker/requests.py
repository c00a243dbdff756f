"""payment.json, refund.json, status.json and token.json."""
from . import wire
from .signatures import JWT, SECRET

CLIENT = {"environment": "sandbox", "client_id": "BRN-0211-1696919651918", "client_secret": SECRET}
DOKU = {**CLIENT, "client_id": "821508239190"}
NOON = 1795341600           # 2026-11-22T17:00:00+07:00
DOKU_NOW = 1608537371       # 2020-12-21T07:56:11Z, the X-TIMESTAMP that DOKU's page prints
LONG = "INV-" + "0123456789" * 6

DOKU_PAYMENT = {"partner_reference_no": "INV-0001", "valid_up_to": "2024-07-10T11:57:58+07:00",
                "point_of_initiation": "app", "return_url": "www.merchant.co.id", "is_deep_link": True,
                "amount": "10000.00", "title": "orderTitle", "device_id": "95221"}
DOKU_REFUND = {"original_partner_reference_no": "INV-0001", "original_external_id": "REQ-0001", "amount": "10000.00",
               "partner_refund_no": "INV-REF-0001", "reason": "Request by Customer", "device_id": "95221"}

PAY = {"partner_reference_no": "INV-0001", "amount": "10000"}
ALL = {**PAY, "return_url": "https://toko.example/kembali?order=1&lang=id", "is_deep_link": False,
       "valid_up_to": "2026-11-22T18:30:00+07:00", "point_of_initiation": "mweb", "title": "Kopi susu 2x",
       "support_deep_link_checkout_url": True, "channel": "EMONEY_DANA_SNAP", "device_id": "KASIR07",
       "ip_address": "203.0.113.77"}
BACK = {"original_partner_reference_no": "INV-0001", "amount": "10000", "partner_refund_no": "INV-REF-0001"}


def maker(operation, kind, reference):
    cases = []

    def case(name, request, settings=None, now=NOON, token=JWT, client=CLIENT, given=None, **more):
        settings = {"device_id": "TILL7", **(settings or {})}
        ext_id = given or wire.external_id(client["environment"], client["client_id"], client["client_secret"], kind,
                                           request[reference], request["amount"])
        cases.append({"name": name, **more, **client, "settings": settings, "request": request, "now": now,
                      "token": token, "external_id": ext_id, "external_id_is": "given" if given else "derived",
                      **wire.signed_request(operation, client, settings, request, now, token, ext_id)})
    return cases, case


ABOUT = ("What must be sent, byte for byte. request: API names to values (absent = not set); settings: by name, those "
         "not given keep their defaults; now: seconds since 1970 UTC. body, headers and string_to_sign follow.")
SOURCE = "protocol.md sections 3, 4, 5, 7 and 10; design.md P1 and section 4"


def payment():
    cases, case = maker("payment", "payment", "partner_reference_no")
    page = ("Values of DOKU's DANA page and of the fixture in DOKU's Java SDK; README.md says which come from where, and "
            "which the page leaves open.")
    doku = {"client": DOKU, "now": DOKU_NOW, "token": "95221", "given": "418075533589", "source": page}
    case("DOKU's sample payment, in our default forms", DOKU_PAYMENT, **doku)
    case("DOKU's sample payment, in the forms of the old page: validUpto, urlParam an object, timestamp with milliseconds",
         DOKU_PAYMENT, {"valid_up_to_field": "validUpto", "url_param_form": "object", "timestamp_form": "utc_ms"}, **doku)
    case("the least: a reference and an amount", PAY)
    case("every field", ALL)
    case("validUpTo is now plus an hour when the request has none", {**PAY, "amount": "25000.50"}, now=NOON + 123)
    case("validUpTo is now plus payment_lifetime_s", PAY, {"payment_lifetime_s": "900"})
    case("validUpTo passes into the next year in Jakarta", PAY, now=1798734599)
    case("validUpTo falls on a leap day in Jakarta", PAY, {"payment_lifetime_s": "86400"}, now=1835283600)
    case("the largest amount", {**PAY, "amount": "9999999999999999.99"})
    case("the smallest amount", {**PAY, "amount": "1"})
    case("a title with an emoji", {**PAY, "title": "Kopi susu ☕😀"})
    case("a title with & < > ' and slash, none of them escaped", {**PAY, "title": "A&B <c> 'd' e/f"})
    case('a title with " and \\, the only two that are escaped', {**PAY, "title": 'Kopi "spesial" C:\\menu'})
    case("a title with é and other letters, raw UTF-8", {**PAY, "title": "Crème brûlée 咖啡"})
    case("a title with all of them", {**PAY, "title": "é&<>'\"\\😀"})
    case("a reference of 64 characters", {**PAY, "partner_reference_no": LONG})
    case("a short IP address", {**PAY, "ip_address": "8.8.8.8"})
    case("the device id of the request goes before that of the settings", {**PAY, "device_id": "HP1"})
    case("another channel", {**PAY, "channel": "EMONEY_SHOPEE_PAY_SNAP"})
    case("a return URL alone: type PAY_RETURN, isDeepLink N", {**PAY, "return_url": "https://toko.example/kembali"})
    case("a deep link as return URL", {**PAY, "return_url": "bayarapp://done", "is_deep_link": True})
    for point in ("app", "pc", "mweb"):
        case("pointOfInitiation " + point, {**PAY, "point_of_initiation": point})
    case("valid_up_to_field = validUpto with a given time", ALL, {"valid_up_to_field": "validUpto"})
    case("valid_up_to_field = validUpto with the default time", PAY, {"valid_up_to_field": "validUpto"})
    case("url_param_form = object", ALL, {"url_param_form": "object"})
    case("supportDeepLinkCheckoutUrl false as a string", {**PAY, "support_deep_link_checkout_url": False})
    case("support_deep_link_form = boolean, true", ALL, {"support_deep_link_form": "boolean"})
    case("support_deep_link_form = boolean, false", {**PAY, "support_deep_link_checkout_url": False},
         {"support_deep_link_form": "boolean"})
    for form in ("wib", "utc", "wib_ms", "utc_ms"):
        case("timestamp_form = %s changes X-TIMESTAMP and nothing else" % form, PAY, {"timestamp_form": form})
    case("channel_id adds the header CHANNEL-ID at the end", ALL, {"channel_id": "DH"})
    case("an X-EXTERNAL-ID that was given", PAY, given="00000000000000000000000000000042")
    case("production has another derived X-EXTERNAL-ID", PAY, client={**CLIENT, "environment": "production"})
    case("extra_json: members are added at the end, in their order, made compact",
         {**ALL, "extra_json": '{ "lineItems" : [ { "name" : "Kopi", "price" : "5000.00", "quantity" : "2" } ],\n'
                               ' "feeType" : "OUR" }'})
    case("extra_json: members of additionalInfo go to its end",
         {**ALL, "extra_json": '{"additionalInfo":{"origin":{"product":"SDK","source":"Bayar","sourceVersion":"1.0.0",'
                               '"system":"till","apiFormat":"SNAP"}}}'})
    case("extra_json: both at once, keys not in alphabetical order",
         {**PAY, "extra_json": '{"zeta":"1","additionalInfo":{"origin":{"z":"1","a":"2"},"metadata":"m"},"alpha":"2"}'})
    case("extra_json: escapes become raw letters",
         {**PAY, "extra_json": '{"note":"https:\\/\\/toko.example\\/caf\\u00e9 \\ud83d\\ude00 \\u0026 \\u003c \\"x\\" \\\\"}'})
    case("extra_json: numbers, true and false stay what they are",
         {**PAY, "extra_json": '{"a":1,"b":true,"c":[false,0,-7],"d":{},"e":[]}'})
    case("extra_json: an empty object adds nothing", {**PAY, "extra_json": " { } "})
    return {"about": ABOUT, "source": SOURCE, "cases": cases}


def refund():
    cases, case = maker("refund", "refund", "partner_refund_no")
    page = "Values of DOKU's refund sample; README.md says where each was found."
    case("DOKU's sample refund", DOKU_REFUND, client=DOKU, now=DOKU_NOW, token="95221", given="418075533589", source=page)
    case("DOKU's sample refund with the timestamp as the page prints it", DOKU_REFUND, {"timestamp_form": "utc_ms"},
         client=DOKU, now=DOKU_NOW, token="95221", given="418075533589", source=page)
    case("the least: two references and an amount", BACK)
    every = {**BACK, "original_external_id": "40937592614309275013640197365412", "reason": "Barang habis",
             "channel": "EMONEY_DANA_SNAP", "device_id": "KASIR07", "ip_address": "203.0.113.77"}
    case("every field", every)
    case("a part of the payment, with sen", {**BACK, "amount": "2500.75"})
    case("a reason with é, an emoji, & < > ' \" and \\", {**BACK, "reason": "é 😀 &<>'\"\\/"})
    case("references of 64 characters", {**BACK, "original_partner_reference_no": LONG, "partner_refund_no": "R" * 64})
    case("a short IP address", {**BACK, "ip_address": "8.8.8.8"})
    case("another channel", {**BACK, "channel": "EMONEY_SHOPEE_PAY_SNAP"})
    for form in ("utc", "wib_ms", "utc_ms"):
        case("timestamp_form = " + form, BACK, {"timestamp_form": form})
    case("channel_id adds the header CHANNEL-ID at the end", every, {"channel_id": "DH"})
    case("an X-EXTERNAL-ID that was given", BACK, given="00000000000000000000000000000043")
    case("extra_json: members at the end, and into additionalInfo",
         {**BACK, "extra_json": '{"merchantId":"M1","additionalInfo":{"origin":{"source":"Bayar"}},"externalStoreId":"S1"}'})
    return {"about": ABOUT, "source": SOURCE, "cases": cases}


def status():
    cases, case = maker("status", None, None)
    ask = {"original_partner_reference_no": "INV-0001"}
    given = {"given": "00000000000000000000000000000044"}
    case("a status inquiry", ask, **given)
    case("status_service_code = 54", ask, {"status_service_code": "54"}, **given)
    case("a reference of 64 characters", {"original_partner_reference_no": LONG}, **given)
    case("channel_id adds the header CHANNEL-ID at the end", ask, {"channel_id": "DH"}, **given)
    for form in ("utc", "wib_ms", "utc_ms"):
        case("timestamp_form = " + form, ask, {"timestamp_form": form}, **given)
    return {"about": ABOUT + " A status inquiry has no X-DEVICE-ID and no X-IP-ADDRESS.", "source": SOURCE, "cases": cases}


def token():
    key = wire.published("asymmetric.json")
    cases = []

    def case(name, settings=None, now=NOON, client=CLIENT):
        settings = {"device_id": "TILL7", **(settings or {})}
        cases.append({"name": name, **client, "settings": settings, "now": now,
                      **wire.token_request(client, key["private_key_pem"], settings, now)})

    case("a token request")
    for form in ("utc", "wib_ms", "utc_ms"):
        case("timestamp_form = " + form, {"timestamp_form": form})
    case("channel_id does not change a token request", {"channel_id": "DH"})
    midtrans = {**CLIENT, "client_id": key["client_id"]}
    case("the signature that Midtrans publishes", now=1690762200, client=midtrans)
    assert dict(cases[-1]["headers"])["X-SIGNATURE"] == key["signature_base64"]
    return {"about": "The request for a token, byte for byte. The key is the one in private_key_pem.",
            "source": "protocol.md section 2; published/asymmetric.json", "private_key_pem": key["private_key_pem"],
            "public_key_pem": key["public_key_pem"], "cases": cases}

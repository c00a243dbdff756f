"""answers.json: what an answer to a FIRST transmission proves. A plain table; journal.md's evidence table is its source."""
import json

SENT = {
    "payment": {"partner_reference_no": "INV-0001", "amount": "10000.00"},
    "refund": {"original_partner_reference_no": "INV-0001", "partner_refund_no": "INV-REF-0001", "amount": "10000.00"},
    "status": {"original_partner_reference_no": "INV-0001"},
    "token": {},
}
SERVICE = {"payment": "54", "refund": "58", "status": "55", "token": "73"}

# HTTP part, case part, message, meaning. protocol.md section 9; the meanings are those of journal.md.
CASES = [
    ("202", "00", "Request In Progress", "in_progress"),
    ("400", "00", "Bad Request", "refused"), ("400", "01", "Invalid Field Format amount.value", "refused"),
    ("400", "02", "Invalid Mandatory Field partnerReferenceNo", "refused"), ("400", "04", "Invalid Parameter", "refused"),
    ("401", "00", "Unauthorized. Invalid Signature", "refused"), ("401", "01", "Invalid Token (B2B)", "renew_token"),
    ("401", "02", "Invalid Customer Token", "refused"), ("401", "03", "Token Not Found (B2B)", "renew_token"),
    ("401", "04", "Customer Token Not Found", "refused"),
    ("403", "00", "Transaction Expired", "refused"), ("403", "01", "Feature Not Allowed", "refused"),
    ("403", "02", "Exceeds Transaction Amount Limit", "refused"), ("403", "03", "Suspected Fraud", "refused"),
    ("403", "04", "Activity Count Limit Exceeded", "retry_later"), ("403", "05", "Do Not Honor", "refused"),
    ("403", "06", "Feature Not Allowed At This Time", "retry_later"), ("403", "07", "Card Blocked", "refused"),
    ("403", "08", "Card Expired", "refused"), ("403", "09", "Dormant Account", "refused"),
    ("403", "10", "Need To Set Token Limit", "refused"), ("403", "11", "OTP Blocked", "refused"),
    ("403", "12", "OTP Lifetime Expired", "refused"), ("403", "13", "OTP Sent To Cardholder", "refused"),
    ("403", "14", "Insufficient Funds", "retry_later"), ("403", "15", "Transaction Not Permitted", "refused"),
    ("403", "16", "Suspend Transaction", "refused"), ("403", "17", "Token Limit Exceeded", "refused"),
    ("403", "18", "Inactive Card/Account/Customer", "refused"), ("403", "19", "Merchant Blacklisted", "refused"),
    ("403", "20", "Merchant Limit Exceed", "refused"), ("403", "21", "Set Limit Not Allowed", "refused"),
    ("403", "22", "Token Limit Invalid", "refused"), ("403", "23", "Account Limit Exceed", "refused"),
    ("404", "00", "Invalid Transaction Status", "refused"), ("404", "01", "Transaction Not Found", "refused"),
    ("404", "02", "Invalid Routing", "refused"), ("404", "03", "Bank Not Supported By Switch", "refused"),
    ("404", "04", "Transaction Cancelled", "refused"), ("404", "05", "Merchant Is Not Registered For Card Registration Services", "refused"),
    ("404", "06", "Need To Request OTP", "refused"), ("404", "07", "Journey Not Found", "refused"),
    ("404", "08", "Invalid Merchant", "refused"), ("404", "09", "No Issuer", "refused"),
    ("404", "10", "Invalid API Transition", "refused"), ("404", "11", "Invalid Card/Account/Customer", "refused"),
    ("404", "12", "Invalid Bill", "refused"), ("404", "13", "Invalid Amount", "refused"), ("404", "14", "Paid Bill", "refused"),
    ("404", "15", "Invalid OTP", "refused"), ("404", "16", "Partner Not Found", "refused"),
    ("404", "17", "Invalid Terminal", "refused"), ("404", "18", "Inconsistent Request", "ask_status"),
    ("404", "19", "Bill Expired", "refused"),
    ("405", "00", "Requested Function Is Not Supported", "refused"), ("405", "01", "Requested Operation Is Not Allowed", "refused"),
    ("409", "00", "Conflict", "ask_status"), ("409", "01", "Duplicate partnerReferenceNo", "ask_status"),
    ("429", "00", "Too Many Requests", "retry_later"),
    ("500", "00", "General Error", "unknown"), ("500", "01", "Internal Server Error", "unknown"),
    ("500", "02", "External Server Error", "unknown"), ("500", "13", "OTP Sent", "unknown"), ("504", "00", "Timeout", "unknown"),
]
URL = "https://app-uat.doku.com/link/283702597342040"
OWN_REFUND = {"refundNo": "96194816941239812", "partnerRefundNo": "INV-REF-0001",
              "refundAmount": {"value": "10000.00", "currency": "IDR"}, "refundStatus": "00",
              "refundDate": "2020-12-23T07:44:16+07:00", "reason": "Customer Complain"}
READ_REFUND = {"refund_no": "96194816941239812", "partner_refund_no": "INV-REF-0001", "amount": "10000.00", "status": "00",
               "date": "2020-12-23T07:44:16+07:00", "reason": "Customer Complain"}


def answers():
    cases = []

    def case(operation, name, http, body, meaning, fields=None, replay=False, note=None):
        """A body that is a dict is written as compact JSON; a string is taken as it is."""
        if isinstance(body, dict):
            body = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        row = {"name": operation + ": " + name, "operation": operation, "sent": SENT[operation], "http_status": http,
               "body": body, "meaning": meaning, "replay": replay, "fields": fields or {}}
        cases.append({**row, "note": note} if note else row)

    def ok(code, **members):
        return {"responseCode": code, "responseMessage": "Successful", **members}

    # ---- payment: success in its forms
    paid = {"webRedirectUrl": URL, "partnerReferenceNo": "INV-0001"}
    read = {"redirect_url": URL, "partner_reference_no": "INV-0001"}
    pay = lambda *a, **k: case("payment", *a, **k)
    for code in ("2000500", "2005400"):
        pay(code + " is success" + (", DOKU's sample answer" if code == "2000500" else ""), 200, ok(code, **paid), "done",
            {"response_code": code, "response_message": "Successful", **read})
    pay("the URL within additionalInfo is found", 200,
        ok("2005400", partnerReferenceNo="INV-0001", additionalInfo={"webRedirectUrl": URL}), "done", read)
    pay("the URL at the top goes before the one within additionalInfo", 200,
        ok("2005400", **paid, additionalInfo={"webRedirectUrl": "https://toko.example/lain"}), "done", read)
    pay("success without a URL is still success", 200, ok("2005400", partnerReferenceNo="INV-0001"), "done",
        {"redirect_url": None, "partner_reference_no": "INV-0001"})
    pay("success that echoes nothing is success", 200, ok("2005400", webRedirectUrl=URL), "done",
        {"redirect_url": URL, "partner_reference_no": None})
    pay("referenceNo is kept", 200, ok("2005400", **paid, referenceNo="2020102977770000000009"), "done",
        {**read, "reference_no": "2020102977770000000009"})
    pay("members that nobody knows do no harm", 200,
        ok("2005400", **paid, baru={"a": [1, None, True, 1.5]}, additionalInfo={"x": "y"}, approvalCode=None), "done", read)
    pay("additionalInfo null or empty does no harm", 200, ok("2005400", **paid, additionalInfo=None), "done", read)
    pay("additionalInfo as an empty array, as PHP writes it, does no harm", 200, ok("2005400", **paid, additionalInfo=[]), "done", read)
    pay("a pretty-printed answer with CR LF", 200,
        '{\r\n  "responseCode" : "2005400",\r\n  "webRedirectUrl" : "https:\\/\\/app-uat.doku.com\\/link\\/283702597342040",\r\n'
        '  "partnerReferenceNo" : "INV\\u002d0001"\r\n}\r\n', "done", read)
    pay("a response code that is a number", 200, '{"responseCode":2005400,"webRedirectUrl":"%s","partnerReferenceNo":"INV-0001"}' % URL,
        "done", {"response_code": "2005400", **read})
    pay("no responseMessage", 200, {"responseCode": "2005400", **paid}, "done", {"response_message": None, **read})
    pay("success in HTTP 201", 201, ok("2005400", **paid), "done", read)
    pay("success code in HTTP 202", 202, ok("2005400", **paid), "done", read, note="the body's code goes before the HTTP status")
    pay("in progress in HTTP 200", 200, ok("2025400", **paid), "in_progress", {"response_code": "2025400"})
    pay("in progress by DOKU's service code", 202, ok("2020500"), "in_progress")
    # ---- refund: success in its forms
    back = lambda *a, **k: case("refund", *a, **k)
    money = {"refundAmount": {"value": "10000.00", "currency": "IDR"}, "refundTime": "2024-01-01T09:09:00.123"}
    back("2000700 is success, DOKU's sample answer; refundTime without a zone stays as it is", 200, ok("2000700", **money), "done",
         {"response_code": "2000700", "refund_time": "2024-01-01T09:09:00.123", "refund_no": None})
    echo = {**money, "originalPartnerReferenceNo": "INV-0001", "originalReferenceNo": "2020102977770000000009",
            "refundNo": "96194816941239812", "partnerRefundNo": "INV-REF-0001", "refundTime": "2026-11-22T17:00:05+07:00"}
    full = {"refund_no": "96194816941239812", "partner_refund_no": "INV-REF-0001", "reference_no": "2020102977770000000009",
            "refund_time": "2026-11-22T17:00:05+07:00"}
    back("2005800 is success, with every member", 200, ok("2005800", **echo), "done", {"response_code": "2005800", **full})
    back("the code alone is success", 200, {"responseCode": "2005800"}, "done", {"refund_no": None, "refund_time": None})
    for words, value in (("without decimals", "10000"), ("with one decimal", "10000.0"), ("as a number", 10000)):
        back("an echoed amount %s is the same amount" % words, 200,
             ok("2005800", **{**echo, "refundAmount": {"value": value, "currency": "IDR"}}), "done", full)
    back("members that nobody knows do no harm", 200, ok("2005800", **echo, additionalInfo={"transactionType": 15}), "done", full)
    back("in progress by DOKU's service code", 202, ok("2020700"), "in_progress")
    # ---- an echo that differs
    pay("another reference in the echo is no success of ours", 200, ok("2005400", webRedirectUrl=URL, partnerReferenceNo="INV-0002"),
        "unknown", note="and an alarm")
    pay("a reference in other letters is another reference", 200, ok("2005400", webRedirectUrl=URL, partnerReferenceNo="inv-0001"), "unknown")
    for words, change in (("another payment's reference", {"originalPartnerReferenceNo": "INV-0002"}),
                          ("another refund's reference", {"partnerRefundNo": "INV-REF-0002"}),
                          ("another amount", {"refundAmount": {"value": "1000.00", "currency": "IDR"}}),
                          ("another currency", {"refundAmount": {"value": "10000.00", "currency": "USD"}})):
        back(words + " in the echo is no success of ours", 200, ok("2005800", **{**echo, **change}), "unknown", note="and an alarm")
    # ---- replays: HTTP 409 around another answer
    pay("HTTP 409 with 2005400 is the first answer again", 409, ok("2005400", **paid), "done", read, replay=True)
    pay("HTTP 409 with 2000500 is the first answer again", 409, ok("2000500", **paid), "done", read, replay=True)
    pay("HTTP 409 with another reference is no success of ours", 409, ok("2005400", webRedirectUrl=URL, partnerReferenceNo="INV-0002"),
        "unknown", replay=True)
    back("HTTP 409 with 2000700 is the first answer again", 409, ok("2000700", **money), "done", replay=True)
    back("HTTP 409 with 2005800 is the first answer again", 409, ok("2005800", **echo), "done", full, replay=True)
    for operation in ("payment", "refund"):
        code = lambda http, part: {"responseCode": http + SERVICE[operation] + part, "responseMessage": "x"}
        case(operation, "HTTP 409 around 202 is in progress", 409, code("202", "00"), "in_progress", replay=True)
        case(operation, "HTTP 409 around a refusal: the id was sent before, so it is no first refusal", 409, code("403", "02"), "ask_status", replay=True)
        case(operation, "HTTP 409 around a passing refusal: neither", 409, code("403", "14"), "ask_status", replay=True)
        case(operation, "HTTP 409 around 500 says: ask", 409, code("500", "00"), "ask_status", replay=True)
        case(operation, "HTTP 409 around 504 says: ask", 409, code("504", "00"), "ask_status", replay=True)
    # ---- every row of section 9, for every operation
    for operation in ("payment", "refund", "status"):
        for http, part, message, meaning in CASES:
            if operation == "status" and (http, part) == ("404", "01"):
                continue
            code = http + SERVICE[operation] + part
            case(operation, "%s-%s %s" % (http, part, message), int(http), {"responseCode": code, "responseMessage": message},
                 meaning, {"response_code": code, "response_message": message})
    for operation, service in (("payment", "05"), ("refund", "07")):
        for http, part, message, meaning in CASES:
            if (http, part) in {("401", "01"), ("403", "15"), ("404", "18"), ("409", "01"), ("429", "00"), ("500", "00")}:
                case(operation, "%s-%s with DOKU's service code %s" % (http, part, service), int(http),
                     {"responseCode": http + service + part, "responseMessage": message}, meaning)
    # ---- HTTP status and body code disagree
    for operation in ("payment", "refund"):
        code = lambda text: {"responseCode": text[:3] + SERVICE[operation] + text[3:], "responseMessage": "x"}
        for http, text, meaning in ((200, "40001", "refused"), (200, "40101", "renew_token"), (200, "50000", "unknown"),
                                    (200, "40901", "ask_status"), (404, "40101", "renew_token"), (401, "40001", "refused"),
                                    (400, "20000", "unknown"), (404, "20000", "unknown"), (400, "20200", "unknown"),
                                    (500, "20000", "unknown"), (500, "40001", "unknown"), (503, "40300", "unknown"),
                                    (400, "50000", "unknown"), (302, "20000", "unknown")):
            case(operation, "HTTP %d with the code %s-%s" % (http, text[:3], text[3:]), http, code(text), meaning)
    # ---- no complete answer
    for operation in ("payment", "refund"):
        success = json.dumps(ok("200" + SERVICE[operation] + "00"), separators=(",", ":"))
        bad = [
            ("an empty body", 200, ""), ("HTTP 204 without a body", 204, ""), ("white space", 200, " \r\n"),
            ("HTML in HTTP 200", 200, "<html><body>Selamat datang</body></html>"),
            ("HTML in HTTP 502", 502, "<html><h1>502 Bad Gateway</h1></html>"), ("an empty HTTP 500", 500, ""),
            ("an empty HTTP 504", 504, ""), ("a proxy's 400 in HTML", 400, "<html>400 Bad Request</html>"),
            ("a proxy's 401 in HTML", 401, "<html>401</html>"), ("a proxy's 403 in HTML", 403, "<html>403 Forbidden</html>"),
            ("a proxy's 404 in text", 404, "404 page not found"), ("a proxy's 407", 407, ""), ("a proxy's 429 in HTML", 429, "<html>429</html>"),
            ("a 409 in HTML", 409, "<html>409</html>"), ("a redirect", 302, ""), ("half a JSON object", 200, success[:-1]),
            ("JSON cut within the code", 200, success[:19]), ("words behind the JSON", 200, success + " ok"),
            ("two JSON objects", 200, success + success), ("an array", 200, "[" + success + "]"), ("a JSON string", 200, '"2005400"'),
            ("null", 200, "null"), ("an empty object", 200, "{}"), ("a problem document without a code", 400, '{"message":"no"}'),
            ("a code of 6 digits", 200, '{"responseCode":"200540"}'), ("a code of 8 digits", 200, '{"responseCode":"20054000"}'),
            ("a refusal with a code of 6 digits", 400, '{"responseCode":"400540"}'),
            ("a numeric code of 6 digits", 200, '{"responseCode":200540}'), ("a code with letters", 200, '{"responseCode":"200OK00"}'),
            ("a code in Arabic digits", 200, '{"responseCode":"٢٠٠٥٤٠٠"}'), ("an empty code", 200, '{"responseCode":""}'),
            ("a code that is null", 200, '{"responseCode":null}'), ("a code that is an object", 200, '{"responseCode":{"a":"2005400"}}'),
            ("a code of a class that SNAP has not", 200, '{"responseCode":"3005400"}'),
            ("a thousand open brackets", 200, "[" * 1000)]
        for name, http, body in bad:
            case(operation, name + " proves nothing", http, body, "unknown")
    case("payment", "a NUL in the redirect URL proves nothing", 200,
         '{"responseCode":"2005400","webRedirectUrl":"https://app-uat.doku.com/\\u0000","partnerReferenceNo":"INV-0001"}', "unknown")
    case("payment", "a NUL in the echoed reference proves nothing", 200,
         '{"responseCode":"2005400","webRedirectUrl":"%s","partnerReferenceNo":"INV-0001\\u0000"}' % URL, "unknown")
    case("refund", "a NUL in refundNo proves nothing", 200, '{"responseCode":"2005800","refundNo":"1\\u00002"}', "unknown")
    case("payment", "a NUL in a member that nobody uses does no harm", 200,
         '{"responseCode":"2005400","webRedirectUrl":"%s","partnerReferenceNo":"INV-0001","baru":"\\u0000"}' % URL, "done", read)
    # ---- status
    ask = lambda *a, **k: case("status", *a, **k)
    known = {"originalPartnerReferenceNo": "INV-0001", "originalReferenceNo": "2020102977770000000009"}
    seen = {"original_partner_reference_no": "INV-0001", "original_reference_no": "2020102977770000000009"}
    for number, words in (("00", "paid"), ("01", "initiated"), ("02", "paying"), ("03", "pending"), ("04", "refunded"),
                          ("05", "cancelled"), ("06", "failed"), ("07", "not found, which proves nothing")):
        ask("transaction status %s, %s" % (number, words), 200, ok("2005500", **known, latestTransactionStatus=number,
            transactionStatusDesc=words.split(",")[0]), "done", {**seen, "transaction_status": number, "refunds": None})
    ask("404-01 Transaction Not Found proves nothing", 404, {"responseCode": "4045501", "responseMessage": "Transaction Not Found"},
        "unknown", {"response_code": "4045501", "transaction_status": None})
    ask("a success with DOKU's service code", 200, ok("2000500", **known, latestTransactionStatus="00"), "done", {"transaction_status": "00"})
    ask("HTTP 409 with 2005500 is the first answer again", 409, ok("2005500", **known, latestTransactionStatus="03"), "done",
        {"transaction_status": "03"}, replay=True)
    ask("another reference in the echo is no answer to us", 200, ok("2005500", originalPartnerReferenceNo="INV-0002",
        latestTransactionStatus="00"), "unknown")
    for spelling in ("requestId", "requestID"):
        ask("the spelling " + spelling, 200, ok("2005500", **known, latestTransactionStatus="00", **{spelling: "3763773"}), "done",
            {"request_id": "3763773"})
    for spelling in ("partnerRefundNo", "partnerReferenceNo"):
        entry = {spelling if k == "partnerRefundNo" else k: v for k, v in OWN_REFUND.items()}
        ask("a refund history with the spelling " + spelling, 200,
            ok("2005500", **known, latestTransactionStatus="04", refundHistory=[entry]), "done", {"refunds": [READ_REFUND]})
    ask("a refund history of several, in DOKU's order", 200, ok("2005500", **known, latestTransactionStatus="00", refundHistory=[
        {**OWN_REFUND, "partnerRefundNo": "INV-REF-0002", "refundStatus": "06"}, {**OWN_REFUND, "refundStatus": "03"}]), "done",
        {"refunds": [{**READ_REFUND, "partner_refund_no": "INV-REF-0002", "status": "06"}, {**READ_REFUND, "status": "03"}]})
    ask("an entry without refundStatus", 200, ok("2005500", **known, latestTransactionStatus="04", refundHistory=[
        {k: v for k, v in OWN_REFUND.items() if k != "refundStatus"}]), "done", {"refunds": [{**READ_REFUND, "status": None}]})
    ask("a refund history that is present and empty", 200, ok("2005500", **known, latestTransactionStatus="00", refundHistory=[]),
        "done", {"refunds": []})
    ask("a refund history that is absent is not the same as empty", 200, ok("2005500", **known, latestTransactionStatus="00"),
        "done", {"refunds": None})
    ask("every member, as in the fixture of DOKU's Java SDK", 200, ok("2005500", **known, approvalCode="201039000200",
        originalExternalId="30443786930722726463280097920912", serviceCode="55", latestTransactionStatus="00",
        transactionStatusDesc="success", originalResponseCode="2005500", originalResponseMessage="Successful",
        sessionId="883737GHY8839", requestId="3763773", refundHistory=[OWN_REFUND], transAmount={"value": "10000.00", "currency": "IDR"},
        feeAmount={"value": "10000.00", "currency": "IDR"}, paidTime="2020-12-21T14:56:11+07:00",
        additionalInfo={"deviceId": "12345679237", "channel": "EMONEY_DANA_SNAP", "acquirer": {"id": "DANA"}}), "done",
        {**seen, "original_external_id": "30443786930722726463280097920912", "transaction_status": "00",
         "transaction_status_desc": "success", "request_id": "3763773", "amount": "10000.00",
         "paid_time": "2020-12-21T14:56:11+07:00", "refunds": [READ_REFUND]})
    for name, http, body in (("an empty body", 200, ""), ("HTML", 502, "<html>502</html>"), ("half a JSON object", 200, '{"responseCode":"2005500"'),
                             ("HTTP 400 with the code 200-00", 400, '{"responseCode":"2005500","latestTransactionStatus":"00"}'),
                             ("a NUL in the transaction status", 200, '{"responseCode":"2005500","latestTransactionStatus":"00\\u0000"}'),
                             ("a proxy's 404", 404, "404 page not found")):
        ask(name + " proves nothing", http, body, "unknown")
    # ---- token
    get = lambda *a, **k: case("token", *a, **k)
    given = {"accessToken": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "tokenType": "Bearer"}
    has = {"access_token": given["accessToken"]}
    for words, value in (("a string", "900"), ("a number", 900)):
        get("expiresIn as " + words, 200, ok("2007300", **given, expiresIn=value), "done", {**has, "expires_in": 900})
    get("expiresIn is absent: 900", 200, ok("2007300", **given), "done", {**has, "expires_in": 900})
    get("another life", 200, ok("2007300", **given, expiresIn="120"), "done", {**has, "expires_in": 120})
    get("a token without code and message", 200, {**given, "expiresIn": "900"}, "done", {**has, "expires_in": 900})
    get("additionalInfo as an empty string", 200, ok("2007300", **given, expiresIn=900, additionalInfo=""), "done", has)
    get("success without a token is none", 200, ok("2007300", expiresIn="900"), "unknown")
    get("a token with a line end is none", 200, ok("2007300", accessToken="abc\r\nX-Evil: 1", expiresIn="900"), "unknown")
    get("a token with a NUL is none", 200, '{"responseCode":"2007300","accessToken":"abc\\u0000"}', "unknown")
    for code, message, meaning in (("4007300", "Bad Request", "refused"), ("4007301", "Invalid Field Format grantType", "refused"),
                                   ("4007302", "Invalid Mandatory Field X-CLIENT-KEY", "refused"),
                                   ("4017300", "Unauthorized. Invalid Signature", "refused"), ("4037319", "Merchant Blacklisted", "refused"),
                                   ("4047316", "Partner Not Found", "refused"), ("4297300", "Too Many Requests", "retry_later"),
                                   ("5007300", "General Error", "unknown"), ("5047300", "Timeout", "unknown")):
        get(code + " " + message, int(code[:3]), {"responseCode": code, "responseMessage": message}, meaning, {"response_code": code})
    for name, http, body in (("an empty body", 200, ""), ("HTML", 200, "<html></html>"), ("half a JSON object", 200, '{"accessToken":"abc"'),
                             ("HTTP 400 with a token", 400, '{"responseCode":"2007300","accessToken":"abc"}')):
        get(name + " is no token", http, body, "unknown")
    return {"about": "What an answer to a FIRST transmission means. sent: what was asked. meaning: done, in_progress, refused "
                     "(nothing happened), retry_later (refused, may be tried again), renew_token (new token, same id, once), "
                     "unknown (it may have happened), ask_status (unknown, and only a status inquiry may settle it). replay: "
                     "HTTP 409 around another answer's code. fields: what is read; null = absent from the answer.",
            "source": "journal.md, Evidence; protocol.md sections 2, 4, 5, 7, 8 and 9", "cases": cases}

"""The protocol once more, in Python: what a request looks like on the wire.

Written from the protocol's description and not from Bayar's Rust code, so that a mistake there cannot agree with itself.
`json.dumps` is deliberately not used for bodies: the writer below shows the whole of promise P1 in ten lines.
"""
import base64
import hashlib
import hmac
import json
import os
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone

PAYMENT = "/direct-debit/core/v1/debit/payment-host-to-host"
REFUND = "/direct-debit/core/v1/debit/refund"
STATUS = "/orders/v1.0/debit/status"
TOKEN = "/authorization/v1/access-token/b2b"

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def published(name):
    with open(os.path.join(HERE, "published", name), encoding="utf-8") as file:
        return json.load(file)


# ---- JSON as P1 wants it ---------------------------------------------------------------------------------------------

def compact(value):
    """Compact, raw UTF-8, members in the order given; only the quote and the backslash are escaped."""
    if isinstance(value, str):
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" for c in value), repr(value)
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(compact(v) for v in value) + "]"
    return "{" + ",".join(compact(k) + ":" + compact(v) for k, v in value.items()) + "}"


def minify(text):
    """White space outside strings goes; every other character stays as it is, in its place."""
    out, inside, escaped = [], False, False
    for c in text:
        if inside:
            out.append(c)
            if escaped:
                escaped = False
            elif c == "\\":
                escaped = True
            elif c == '"':
                inside = False
        elif c not in " \t\r\n":
            out.append(c)
            inside = c == '"'
    return "".join(out)


# ---- signatures ------------------------------------------------------------------------------------------------------

def body_sha256(body):
    return hashlib.sha256(minify(body).encode()).hexdigest()


def string_to_sign(method, path, token, body, timestamp):
    return ":".join([method, path, token, body_sha256(body), timestamp])


def hmac_sha512(secret, text):
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha512).digest()).decode()


def openssl(arguments, given=b"", **files):
    """Runs openssl; `{name}` in the arguments becomes a temporary file with that content."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, content in files.items():
            paths[name] = os.path.join(folder, name)
            with open(paths[name], "wb") as file:
                file.write(content)
        done = subprocess.run(["openssl"] + [a.format(**paths) for a in arguments], input=given, capture_output=True)
    return done.returncode, done.stdout


def rsa_sign(private_key_pem, text):
    code, out = openssl(["dgst", "-sha256", "-sign", "{key}"], text.encode(), key=private_key_pem.encode())
    assert code == 0
    return base64.b64encode(out).decode()


def rsa_verifies(public_key_pem, text, signature):
    """Strict: the standard alphabet, with padding, nothing else."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    arguments = ["dgst", "-sha256", "-verify", "{key}", "-signature", "{signature}"]
    return openssl(arguments, text.encode(), key=public_key_pem.encode(), signature=raw)[0] == 0


# ---- values ----------------------------------------------------------------------------------------------------------

def rupiah(text):
    return text if "." in text else text + ".00"


def external_id(environment, client_id, client_secret, kind, reference, amount):
    """The X-EXTERNAL-ID of the first attempt; README.md has the definition in words."""
    key = hmac.new(client_secret.encode(), b"bayar external id v1", hashlib.sha256).digest()
    message = "\n".join([environment, client_id, kind, reference, rupiah(amount)])
    digest = hmac.new(key, message.encode(), hashlib.sha256).digest()
    return str(int.from_bytes(digest[:16], "big") % 10**32).zfill(32)


WIB = timezone(timedelta(hours=7))


def timestamp(now, form="wib"):
    utc = datetime.fromtimestamp(now, timezone.utc)
    local, end = (utc.astimezone(WIB), "+07:00") if form.startswith("wib") else (utc, "Z")
    return local.strftime("%Y-%m-%dT%H:%M:%S") + (".000" if form.endswith("_ms") else "") + end


# ---- bodies ----------------------------------------------------------------------------------------------------------

def present(**members):
    return {name: value for name, value in members.items() if value is not None}


def with_extra(body, extra_json):
    for name, value in json.loads(extra_json).items() if extra_json else ():
        if isinstance(value, dict) and isinstance(body.get(name), dict):
            assert not set(value) & set(body[name])
            body[name].update(value)
        else:
            assert name not in body
            body[name] = value
    return body


def payment_body(request, settings, now):
    url_param = None
    if "return_url" in request:
        url_param = {"url": request["return_url"], "type": "PAY_RETURN",
                     "isDeepLink": "Y" if request.get("is_deep_link") else "N"}
        if settings.get("url_param_form", "array") == "array":
            url_param = [url_param]
    support = request.get("support_deep_link_checkout_url")
    if support is not None and settings.get("support_deep_link_form", "string") == "string":
        support = "true" if support else "false"
    end = request.get("valid_up_to") or timestamp(now + int(settings.get("payment_lifetime_s", "3600")))
    return with_extra(present(**{
        "partnerReferenceNo": request["partner_reference_no"],
        settings.get("valid_up_to_field", "validUpTo"): end,
        "pointOfInitiation": request.get("point_of_initiation"),
        "urlParam": url_param,
        "amount": {"value": rupiah(request["amount"]), "currency": "IDR"},
        "additionalInfo": present(channel=request.get("channel", "EMONEY_DANA_SNAP"), orderTitle=request.get("title"),
                                  supportDeepLinkCheckoutUrl=support),
    }), request.get("extra_json"))


def refund_body(request, settings, now):
    return with_extra(present(
        originalPartnerReferenceNo=request["original_partner_reference_no"],
        originalExternalId=request.get("original_external_id"),
        refundAmount={"value": rupiah(request["amount"]), "currency": "IDR"},
        partnerRefundNo=request["partner_refund_no"],
        reason=request.get("reason"),
        additionalInfo={"channel": request.get("channel", "EMONEY_DANA_SNAP")},
    ), request.get("extra_json"))


def status_body(request, settings, now):
    return {"originalPartnerReferenceNo": request["original_partner_reference_no"],
            "serviceCode": settings.get("status_service_code", "55")}


OPERATIONS = {"payment": (PAYMENT, payment_body), "refund": (REFUND, refund_body), "status": (STATUS, status_body)}


def signed_request(operation, client, settings, request, now, token, ext_id):
    """Everything that a case of payment.json, refund.json or status.json promises."""
    path, build = OPERATIONS[operation]
    body = compact(build(request, settings, now))
    stamp = timestamp(now, settings.get("timestamp_form", "wib"))
    to_sign = string_to_sign("POST", path, token, body, stamp)
    headers = [["Content-Type", "application/json"], ["X-TIMESTAMP", stamp],
               ["X-SIGNATURE", hmac_sha512(client["client_secret"], to_sign)], ["X-PARTNER-ID", client["client_id"]],
               ["X-EXTERNAL-ID", ext_id], ["Authorization", "Bearer " + token]]
    if operation != "status":
        headers.append(["X-DEVICE-ID", request.get("device_id") or settings["device_id"]])
        if "ip_address" in request:
            headers.append(["X-IP-ADDRESS", request["ip_address"]])
    if "channel_id" in settings:
        headers.append(["CHANNEL-ID", settings["channel_id"]])
    return {"method": "POST", "path": path, "body": body, "string_to_sign": to_sign, "headers": headers}


def token_request(client, private_key_pem, settings, now):
    stamp = timestamp(now, settings.get("timestamp_form", "wib"))
    to_sign = client["client_id"] + "|" + stamp
    headers = [["Content-Type", "application/json"], ["X-TIMESTAMP", stamp],
               ["X-SIGNATURE", rsa_sign(private_key_pem, to_sign)], ["X-CLIENT-KEY", client["client_id"]]]
    return {"method": "POST", "path": TOKEN, "body": compact({"grantType": "client_credentials"}),
            "string_to_sign": to_sign, "headers": headers}

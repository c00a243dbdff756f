//! A JSON text without the white space between its tokens; strings keep theirs (protocol 3, "minify").

pub(crate) fn minify(json: &[u8]) -> Vec<u8> {
    let mut compact = Vec::with_capacity(json.len());
    let mut in_string = false;
    let mut escaped = false;
    for &byte in json {
        if in_string {
            if escaped {
                escaped = false;
            } else if byte == b'\\' {
                escaped = true;
            } else if byte == b'"' {
                in_string = false;
            }
        } else if byte == b'"' {
            in_string = true;
        } else if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            continue;
        }
        compact.push(byte);
    }
    compact
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::sha256;

    /// The body that DOKU prints on its symmetric-signature page, and the hash printed beside it (protocol 3, vector 3).
    const PRINTED: &str = r#"{
    "partnerServiceId": "  088899",
    "customerNo": "12345678901234567890",
    "virtualAccountNo": "  08889912345678901234567890",
    "virtualAccountName": "Jokul Doe",
    "virtualAccountEmail": "jokul@email.com",
    "virtualAccountPhone": "6281828384858",
    "trxId": "abcdefgh1234",
    "totalAmount": {
        "value": "12345678.00",
        "currency": "IDR"
    }
}"#;
    const HASH: &str = "3274fab8dac896837b106a16da2a974e7e65142dcecb4b768ef0294102838977";

    #[test]
    fn dokus_published_body_has_dokus_published_hash() {
        let compact = minify(PRINTED.as_bytes());
        assert_eq!(compact.len(), 306);
        assert_eq!(sha256(&compact), HASH);
    }

    #[test]
    fn escaped_quotes_do_not_end_a_string() {
        assert_eq!(minify(br#"{ "a" : "x\" y\\" , "b" : 1 }"#), br#"{"a":"x\" y\\","b":1}"#);
    }
}

//! Minify as DOKU means it: white space goes only where it is outside of strings; order, numbers and escapes stay
//! (protocol.md section 3, confirmed by DOKU's published hash).

/// The JSON text without the white space between its tokens. Works on any bytes; what is no JSON comes out as it is,
/// less the white space outside of quotes.
pub fn minify(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len());
    let mut in_string = false;
    let mut escaped = false;
    for &byte in json {
        if in_string {
            out.push(byte);
            if escaped {
                escaped = false;
            } else if byte == b'\\' {
                escaped = true;
            } else if byte == b'"' {
                in_string = false;
            }
        } else if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            in_string = byte == b'"';
            out.push(byte);
        }
    }
    out
}

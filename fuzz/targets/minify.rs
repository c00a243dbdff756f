//! Minify: only white space between tokens goes, and serde_json reads the same before and after.
#![no_main]

use bayar::snap::minify::minify;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|json: &[u8]| {
    let once = minify(json);
    assert_eq!(minify(&once), once, "minifying twice is another thing than once");
    assert!(solid(json).eq(solid(&once)), "something else than white space was lost or added");
    let Ok(value) = serde_json::from_slice::<Value>(json) else { return };
    assert_eq!(serde_json::from_slice::<Value>(&once).expect("JSON"), value);
    // White space that serde_json puts in goes, and no other.
    let (spread, compact) = (serde_json::to_vec_pretty(&value), serde_json::to_vec(&value));
    assert_eq!(minify(&spread.expect("JSON")), compact.expect("JSON"));
});

fn solid(json: &[u8]) -> impl Iterator<Item = &u8> {
    json.iter().filter(|byte| !b" \t\r\n".contains(byte))
}

//! P6: looks for pieces of secrets in the memory of another process.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::os::unix::fs::FileExt;

/// What must not be found, cut into pieces that do not overlap: a remnant of less than two pieces may go unseen.
#[derive(Default)]
pub(crate) struct Needles {
    /// What each is a piece of, and the piece.
    pieces: Vec<(String, Vec<u8>)>,
    /// Which pieces begin with these bytes.
    by_head: HashMap<[u8; HEAD], Vec<usize>>,
}

const HEAD: usize = 8;

/// Long enough not to be met by chance.
const PIECE: usize = 12;

impl Needles {
    pub(crate) fn add(&mut self, what: &str, secret: &[u8]) {
        assert!(secret.len() >= PIECE, "{what} is too short to be told from chance");
        for piece in secret.chunks_exact(PIECE) {
            // A run of equal bytes is anywhere.
            if piece.iter().all(|byte| *byte == piece[0]) {
                continue;
            }
            self.by_head.entry(piece[..HEAD].try_into().unwrap()).or_default().push(self.pieces.len());
            self.pieces.push((what.to_owned(), piece.to_vec()));
        }
    }

    fn look(&self, place: &str, memory: &[u8], found: &mut Found) {
        let begins: Vec<u16> = self.by_head.keys().map(|head| u16::from_ne_bytes([head[0], head[1]])).collect();
        let mut may_begin = vec![false; 1 << 16];
        begins.into_iter().for_each(|begin| may_begin[usize::from(begin)] = true);
        for (at, window) in memory.windows(PIECE).enumerate() {
            if !may_begin[usize::from(u16::from_ne_bytes([window[0], window[1]]))] {
                continue;
            }
            let candidates = self.by_head.get(&window[..HEAD]).into_iter().flatten();
            for (what, _) in candidates.map(|index| &self.pieces[*index]).filter(|(_, piece)| piece == window) {
                found.entry((what.clone(), place.to_owned())).or_default().push(at);
            }
        }
    }
}

/// Of what, in which mapping, at which of its bytes.
pub(crate) type Found = BTreeMap<(String, String), Vec<usize>>;

pub(crate) fn describe(found: &Found) -> String {
    let line = |((what, place), at): (&(String, String), &Vec<usize>)| {
        format!("{what}: {} pieces in {place}, the first at {:#x}\n", at.len(), at[0])
    };
    found.iter().map(line).collect()
}

/// Every place in the process's writable memory where a piece is. It must stand still.
pub(crate) fn search(process: u32, needles: &Needles) -> Found {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let memory = File::open(format!("/proc/{process}/mem"))
        .unwrap_or_else(|error| panic!("a child's memory cannot be read here ({error}): ptrace must be allowed"));
    let mut found = Found::new();
    let mut searched = 0;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, access) = (words.next().unwrap(), words.next().unwrap());
        if !access.starts_with("rw") {
            continue;
        }
        let place = words.nth(3).unwrap_or("a mapping without a name");
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|address| u64::from_str_radix(address, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        memory.read_exact_at(&mut bytes, from).unwrap_or_else(|error| panic!("{line}: {error}"));
        searched += bytes.len();
        needles.look(place, &bytes, &mut found);
    }
    assert!(searched > 100_000, "a process has more memory than {searched} bytes");
    found
}

//! What somebody may have meant who wrote a name that there is not.

/// Longer names are not compared.
const LONGEST: usize = 64;

/// Of some names, the one most like `wanted`, if any is like enough: at most a third of its
/// letters and digits differ. Other characters, and case, do not count.
pub(super) fn nearest<'a>(
    wanted: &str,
    among: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = letters(wanted);
    among
        .into_iter()
        .filter_map(|name| Some((distance_within_bound(&wanted, &letters(name))?, name)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

fn letters(name: &str) -> Vec<char> {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters
        .flat_map(char::to_lowercase)
        .take(LONGEST + 1)
        .collect()
}

/// The distance of two words, unless it exceeds a third of the longer one.
fn distance_within_bound(a: &[char], b: &[char]) -> Option<usize> {
    let longer = a.len().max(b.len());
    let comparable = !a.is_empty()
        && !b.is_empty()
        && longer <= LONGEST
        && a.len().abs_diff(b.len()) <= longer / 3;
    comparable
        .then(|| distance(a, b))
        .filter(|distance| *distance <= longer / 3)
}

/// How many letters must be inserted, removed or replaced to turn one word into the other
/// (Levenshtein), by the usual table, of which one row is kept: `row[j]` is the distance of the
/// part of `a` that was read from the first `j` letters of `b`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j] = before;
            before = replaced.min(before + 1).min(diagonal + 1);
        }
        row[b.len()] = before;
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(a: &str, b: &str) -> usize {
        distance(&letters(a), &letters(b))
    }

    #[test]
    fn the_distance_counts_letters_inserted_removed_and_replaced() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("größe", "grösse", 2),
        ] {
            assert_eq!(between(a, b), expected, "{a} {b}");
            assert_eq!(between(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn the_nearest_name_is_found_if_it_is_like_enough() {
        let names = ["firstname", "lastname", "age", "dateofbirth", "größe"];
        for (wanted, expected) in [
            ("first_name", Some("firstname")),
            ("frstname", Some("firstname")),
            ("date-of-birth", Some("dateofbirth")),
            ("d.a.t.e.o.f.b.i.r.t.h", Some("dateofbirth")),
            ("ages", Some("age")),
            ("Grösse", Some("größe")),
            ("surname", None),
            ("sex", None),
            ("", None),
            ("::", None),
        ] {
            assert_eq!(nearest(wanted, names), expected, "{wanted}");
        }
        assert_eq!(nearest("x", ["y"]), None);
    }

    #[test]
    fn very_long_names_are_not_compared() {
        let long = "a".repeat(100_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
    }
}

//! The known name that is most like a misspelt one.

/// Longer names are not compared.
const MAX_LENGTH: usize = 64;

/// Returns the name that is most like `wanted`, if any is like enough: at most a third of the
/// letters and digits differ. Other characters, and case, do not count.
pub(crate) fn nearest<'a>(
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
    letters.flat_map(char::to_lowercase).take(MAX_LENGTH + 1).collect()
}

/// Returns the distance of two words, unless it exceeds a third of the longer one.
fn distance_within_bound(a: &[char], b: &[char]) -> Option<usize> {
    let longer = a.len().max(b.len());
    let comparable = !a.is_empty()
        && !b.is_empty()
        && longer <= MAX_LENGTH
        && a.len().abs_diff(b.len()) <= longer / 3;
    comparable.then(|| distance(a, b, longer / 3)).flatten()
}

/// Counts how many letters must be inserted, removed, replaced, or swapped with their neighbour to
/// turn one word into the other (optimal string alignment); `None` if more than `max`.
///
/// `table[i][j]` is the distance of the first `i` letters of `a` from the first `j` of `b`.
fn distance(a: &[char], b: &[char], max: usize) -> Option<usize> {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                table[i][j] = i + j;
                continue;
            }
            let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = best;
        }
        // Every later distance builds on one of this row, or on one of the row before for a swap,
        // which costs one more.
        let least = table[i].iter().min().copied().unwrap_or_default();
        if least > max + 1 {
            return None;
        }
    }
    Some(table[a.len()][b.len()]).filter(|distance| *distance <= max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(a: &str, b: &str) -> usize {
        distance(&letters(a), &letters(b), usize::MAX - 1).unwrap()
    }

    #[test]
    fn the_distance_counts_edits_and_swaps() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("nmae", "name", 1),
            ("ab", "ba", 1),
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

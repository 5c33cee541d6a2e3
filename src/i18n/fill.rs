//! Sentences with values in them.

/// A sentence with values in the place of their names: `{amount}`. A value is not looked into; a name
/// without a value becomes nothing.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    for (at, part) in sentence.split('{').enumerate() {
        let (name, rest) = part.split_once('}').unwrap_or(("", part));
        // Before the first brace there is no name.
        if at > 0
            && let Some((_, value)) = values.iter().find(|(known, _)| *known == name)
        {
            filled.push_str(value);
        }
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_places_of_their_names() {
        let values = [("a", "{b}"), ("b", "2")];
        let filled = fill("{b}: {a} and {b}, {c}.", &values);
        assert_eq!(filled, "2: {b} and 2, .", "a value is not looked into");
        assert_eq!(fill("nothing", &values), "nothing");
    }
}

//! Which resources take which places: each place one, no resource two.

/// A matching of places with resources, given by which resources each place may have, best first. `None` where some place stays empty.
/// Places earlier in the list get what they like best as far as all can be filled.
pub fn assign(places: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut fixed: Vec<usize> = Vec::with_capacity(places.len());
    for (at, wanted) in places.iter().enumerate() {
        let rest = places.get(at + 1..).unwrap_or(&[]);
        let best = wanted.iter().copied().find(|resource| {
            let taken: Vec<usize> = fixed.iter().copied().chain([*resource]).collect();
            !fixed.contains(resource) && can_fill(rest, &taken)
        })?;
        fixed.push(best);
    }
    Some(fixed)
}

/// Whether every place can have a resource of its own that is not taken (Kuhn's augmenting paths).
pub fn can_fill(places: &[Vec<usize>], taken: &[usize]) -> bool {
    let mut held: Vec<(usize, usize)> = Vec::new();
    (0..places.len()).all(|place| augment(places, taken, place, &mut held, &mut Vec::new()))
}

/// Finds a resource for a place, moving others where that helps; `held` are resource and place.
fn augment(places: &[Vec<usize>], taken: &[usize], place: usize, held: &mut Vec<(usize, usize)>, seen: &mut Vec<usize>) -> bool {
    for resource in places.get(place).into_iter().flatten().copied().filter(|resource| !taken.contains(resource)) {
        if seen.contains(&resource) {
            continue;
        }
        seen.push(resource);
        let holder = held.iter().position(|(other, _)| *other == resource);
        let free = match holder.and_then(|at| held.get(at).copied()) {
            None => true,
            Some((_, other)) => augment(places, taken, other, held, seen),
        };
        if free {
            held.retain(|(other, _)| *other != resource);
            held.retain(|(_, of)| *of != place);
            held.push((resource, place));
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brute(places: &[Vec<usize>], used: &mut Vec<usize>) -> Option<Vec<usize>> {
        let Some((first, rest)) = places.split_first() else { return Some(used.clone()) };
        for resource in first {
            if !used.contains(resource) {
                used.push(*resource);
                if let Some(found) = brute(rest, used) {
                    return Some(found);
                }
                used.pop();
            }
        }
        None
    }

    proptest! {
        #[test]
        fn is_the_first_of_all_that_trying_finds(places in proptest::collection::vec(proptest::collection::vec(0usize..6, 0..5), 0..5)) {
            let expected = brute(&places, &mut Vec::new());
            prop_assert_eq!(can_fill(&places, &[]), expected.is_some());
            prop_assert_eq!(assign(&places), expected);
        }
    }
}

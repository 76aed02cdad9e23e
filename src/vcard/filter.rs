//! addressbook-query's filter: which cards match.
//!
//! Not for: reading it from XML. RFC 6352 §10.5; RFC 4790 §4.2.

use super::Card;
use crate::ical::collation::Collation;
use crate::ical::object::Property;

/// Whether one condition or all of them must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Test {
    /// `anyof`
    #[default]
    AnyOf,
    /// `allof`
    AllOf,
}

impl Test {
    /// Nothing asked for holds always.
    fn holds<T>(self, conditions: &[T], holds: impl FnMut(&T) -> bool) -> bool {
        match self {
            _ if conditions.is_empty() => true,
            Test::AnyOf => conditions.iter().any(holds),
            Test::AllOf => conditions.iter().all(holds),
        }
    }
}

/// CARDDAV:filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// How its conditions hold together.
    pub test: Test,
    /// Of the card's properties.
    pub props: Vec<PropFilter>,
}

/// CARDDAV:prop-filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropFilter {
    /// `EMAIL`, or with its group `ITEM1.EMAIL`.
    pub name: String,
    /// What is asked of it.
    pub test: PropTest,
}

/// What is asked of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropTest {
    /// None of that name may be there.
    NotDefined,
    /// One must be there of which these conditions hold.
    Defined(Test, Vec<Condition>),
}

/// What is asked of one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Of its value, unescaped.
    Text(TextMatch),
    /// Of its parameters.
    Param(ParamFilter),
}

/// CARDDAV:param-filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamFilter {
    /// `TYPE`
    pub name: String,
    /// What is asked of it.
    pub test: ParamTest,
}

/// What is asked of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamTest {
    /// It must not be there.
    NotDefined,
    /// It must be there.
    Defined,
    /// It must be there, and one of its values match.
    Text(TextMatch),
}

/// The attribute match-type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MatchType {
    /// `equals`
    Equals,
    /// `contains`
    #[default]
    Contains,
    /// `starts-with`
    StartsWith,
    /// `ends-with`
    EndsWith,
}

/// CARDDAV:text-match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMatch {
    /// What is looked for.
    pub text: String,
    /// How letters are compared; the RFC's default is [`Collation::UnicodeCasemap`].
    pub collation: Collation,
    /// Where it must stand.
    pub match_type: MatchType,
    /// negate-condition: whether it must not.
    pub negated: bool,
}

impl TextMatch {
    fn matches(&self, value: &str) -> bool {
        let (value, text) = (self.collation.prepare(value), self.collation.prepare(&self.text));
        let found = match self.match_type {
            MatchType::Equals => value == text,
            MatchType::Contains => value.contains(&*text),
            MatchType::StartsWith => value.starts_with(&*text),
            MatchType::EndsWith => value.ends_with(&*text),
        };
        found != self.negated
    }
}

/// Whether a card matches.
pub fn matches(filter: &Filter, card: &Card) -> bool {
    filter.test.holds(&filter.props, |prop| match &prop.test {
        PropTest::NotDefined => card.all(&prop.name).next().is_none(),
        PropTest::Defined(test, conditions) => {
            card.all(&prop.name).any(|property| test.holds(conditions, |condition| condition.holds(property)))
        }
    })
}

impl Condition {
    fn holds(&self, property: &Property) -> bool {
        match self {
            Condition::Text(text) => text.matches(&property.text()),
            Condition::Param(filter) => {
                let mut named = property.params.iter().filter(|param| param.name.eq_ignore_ascii_case(&filter.name));
                match &filter.test {
                    ParamTest::NotDefined => named.next().is_none(),
                    ParamTest::Defined => named.next().is_some(),
                    ParamTest::Text(text) => named.any(|param| param.values.iter().any(|value| text.matches(value))),
                }
            }
        }
    }
}

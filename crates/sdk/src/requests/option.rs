//! What the options of a request have in common: a name on the wire, a limit, a way to be written.

use toss_checkout_contract::{MAX_AMOUNT, Problem, ValueError};

use crate::object::{Field, Object};

/// How the value of an option is checked and written. The wrappers below say it for plain values.
pub(crate) trait Setting<'a> {
    /// Checks Toss's limit.
    fn check(&self, _name: &'static str) -> Result<(), ValueError> {
        Ok(())
    }

    /// What the field holds.
    fn field(&self) -> Field<'a>;

    /// Under which name it is written.
    fn name(&self, name: &'static str) -> &'static str {
        name
    }
}

/// A request under construction: the fields that were set, and the first value that was refused.
///
/// A setter checks and writes at once, instead of keeping its value for later: so the options that a
/// page never sets bring no code into its download.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Draft<'a> {
    pub(crate) object: Object<'a>,
    refused: Option<ValueError>,
}

impl<'a> Draft<'a> {
    /// Sets an option, or takes it back.
    pub(crate) fn set<S: Setting<'a>>(&mut self, name: &'static str, value: Option<S>) {
        let Some(value) = value else {
            return self.object.remove(name);
        };
        let name = value.name(name);
        let checked = value.check(name).map(|()| value.field());
        self.put(name, checked);
    }

    /// Sets a field, or notes why not.
    #[inline(never)]
    pub(crate) fn put(&mut self, name: &'static str, checked: Result<Field<'a>, ValueError>) {
        self.object.remove(name);
        match checked {
            Ok(field) => self.object.set(name, Some(field)),
            Err(refused) => {
                self.refused.get_or_insert(refused);
            }
        }
    }

    /// The first value that was refused.
    pub(crate) fn check(&self) -> Result<(), ValueError> {
        self.refused.clone().map_or(Ok(()), Err)
    }
}

/// Declares the options of a request: a struct with a setter for each, all unset at first. Each line
/// says the Rust name and type, the [`Setting`] that checks and writes it, and the name on the wire.
/// Slices stand apart, since a setter that also takes an `Option` would not take an array.
macro_rules! options {
    (
        $(#[$doc:meta])*
        pub struct $name:ident<$life:lifetime> {
            $($(#[$one_doc:meta])* $one:ident: $one_type:ty, $one_setting:expr => $one_wire:literal,)*
        }
        $(lists {
            $($(#[$many_doc:meta])* $many:ident: $many_type:ty, $many_setting:expr => $many_wire:literal,)*
        })?
    ) => {
        $(#[$doc])*
        ///
        /// A setter notes the first value that breaks one of Toss's limits; the request is then
        /// refused by its name.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name<$life>($crate::requests::option::Draft<$life>);

        impl<$life> $name<$life> {
            /// Nothing set.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$one_doc])*
                #[must_use]
                pub fn $one(mut self, $one: impl Into<Option<$one_type>>) -> Self {
                    self.0.set($one_wire, $one.into().map($one_setting));
                    self
                }
            )*

            $($(
                $(#[$many_doc])*
                #[must_use]
                pub fn $many(mut self, $many: $many_type) -> Self {
                    self.0.set($many_wire, Some($many_setting($many)));
                    self
                }
            )*)?
        }
    };
}
pub(crate) use options;

/// True or false.
pub(crate) struct Flag(pub(crate) bool);

impl<'a> Setting<'a> for Flag {
    fn field(&self) -> Field<'a> {
        Field::Flag(self.0)
    }
}

/// Whole won, zero allowed.
pub(crate) struct Won(pub(crate) u64);

impl<'a> Setting<'a> for Won {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        within(name, self.0, 0, MAX_AMOUNT)
    }

    fn field(&self) -> Field<'a> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "checked to be below 2^53, which f64 holds exactly"
        )]
        Field::Number(self.0 as f64)
    }
}

/// How many.
pub(crate) struct Count(pub(crate) u32);

impl<'a> Setting<'a> for Count {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        within(name, self.0.into(), 1, u32::MAX.into())
    }

    fn field(&self) -> Field<'a> {
        Field::Number(self.0.into())
    }
}

/// Text that must say something, of any length.
pub(crate) struct Word<'a>(pub(crate) &'a str);

impl<'a> Setting<'a> for Word<'a> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        if self.0.is_empty() {
            return Err(Problem::Empty.of(name));
        }
        Ok(())
    }

    fn field(&self) -> Field<'a> {
        Field::Text(self.0)
    }
}

/// Text of at most 100 characters, which may be empty.
pub(crate) struct Short<'a>(pub(crate) &'a str);

impl<'a> Setting<'a> for Short<'a> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        at_most(name, self.0, TEXT_MAX)
    }

    fn field(&self) -> Field<'a> {
        Field::Text(self.0)
    }
}

/// Text of 1 to 100 characters.
pub(crate) struct Named<'a>(pub(crate) &'a str);

impl<'a> Setting<'a> for Named<'a> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        Word(self.0).check(name)?;
        Short(self.0).check(name)
    }

    fn field(&self) -> Field<'a> {
        Field::Text(self.0)
    }
}

/// Longest name, e-mail address and order name.
const TEXT_MAX: usize = 100;

/// One of Toss's words.
pub(crate) struct Choice<T>(pub(crate) T);

/// A type whose values are words of Toss's.
pub(crate) trait Vocabulary: Copy + 'static {
    /// The word on the wire.
    fn word(self) -> &'static str;
}

impl<'a, T: Vocabulary> Setting<'a> for Choice<T> {
    fn field(&self) -> Field<'a> {
        Field::Text(self.0.word())
    }
}

/// Several of Toss's words, in the order in which the window shows them.
pub(crate) struct Choices<'a, T>(pub(crate) &'a [T]);

impl<'a, T: Vocabulary> Setting<'a> for Choices<'a, T> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        if self.0.is_empty() {
            return Err(Problem::Empty.of(name));
        }
        Ok(())
    }

    fn field(&self) -> Field<'a> {
        let words = self.0.iter().map(|choice| Field::Text(choice.word()));
        Field::List(words.collect())
    }
}

/// A part of a request that is an object of its own.
pub(crate) trait Part<'a> {
    /// Its fields.
    fn draft(&self) -> Draft<'a>;
}

/// One such part.
pub(crate) struct One<T>(pub(crate) T);

impl<'a, T: Part<'a>> Setting<'a> for One<T> {
    fn check(&self, _: &'static str) -> Result<(), ValueError> {
        self.0.draft().check()
    }

    fn field(&self) -> Field<'a> {
        Field::Object(self.0.draft().object)
    }
}

/// Several such parts.
pub(crate) struct Many<'a, T>(pub(crate) &'a [T]);

impl<'a, T: Part<'a>> Setting<'a> for Many<'a, T> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        if self.0.is_empty() {
            return Err(Problem::Empty.of(name));
        }
        self.0.iter().try_for_each(|part| part.draft().check())
    }

    fn field(&self) -> Field<'a> {
        let parts = self.0.iter().map(|part| Field::Object(part.draft().object));
        Field::List(parts.collect())
    }
}

#[inline(never)]
pub(crate) fn at_most(name: &'static str, text: &str, max: usize) -> Result<(), ValueError> {
    let length = text.chars().count();
    if length > max {
        return Err(Problem::TooLong { length, max }.of(name));
    }
    Ok(())
}

#[inline(never)]
pub(crate) fn within(name: &'static str, value: u64, min: u64, max: u64) -> Result<(), ValueError> {
    if value < min || value > max {
        return Err(Problem::Range { value, min, max }.of(name));
    }
    Ok(())
}

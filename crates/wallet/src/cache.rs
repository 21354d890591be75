//! State that other crates keep with an open wallet.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// One value of each type.
#[derive(Default)]
pub(crate) struct Cache(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Cache {
    /// Returns the value of type `T`, which is `T::default()` at first.
    pub(crate) fn get<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        // The type is the key, so the downcast never fails.
        Arc::clone(value).downcast().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, AtomicU16, Ordering};

    use super::*;

    #[test]
    fn each_type_has_one_value() {
        let cache = Cache::default();
        cache.get::<AtomicU8>().store(1, Ordering::Relaxed);
        assert_eq!(cache.get::<AtomicU8>().load(Ordering::Relaxed), 1);
        assert_eq!(cache.get::<AtomicU16>().load(Ordering::Relaxed), 0);
    }
}

//! What is PostgreSQL's own about this store: lost connections, turns, time. What all stores have in common is tested with
//! all of them.

mod lost;
mod shared;

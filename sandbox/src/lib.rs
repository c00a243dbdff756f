//! Bayar's sandbox: a local stand-in for DOKU's SNAP API, to develop and to test against without an account.
//!
//! It speaks the token, payment, refund and status calls for DANA, checks what DOKU is documented to check, and
//! counts what it really did. It notifies the merchant as DOKU does. It shares no code with Bayar itself: a mistake there must not agree with itself here.
//!
//! ```
//! let sandbox = bayar_sandbox::Sandbox::start(bayar_sandbox::Options::default())?;
//! assert!(sandbox.base_url().starts_with("https://localhost:"));
//! assert_eq!(sandbox.counts().payments_made, 0);
//! # Ok::<(), std::io::Error>(())
//! ```

mod api;
mod assumptions;
mod books;
mod checkout;
mod clock;
mod control;
mod crypto;
mod in_flight;
mod lock;
mod merchant;
mod midnight;
mod misbehaviour;
mod net;
mod notify;
mod options;
mod records;
mod sandbox;
mod seen;
mod stamp;
mod timer;
mod world;

pub use assumptions::Assumption;
pub use clock::Clock;
pub use merchant::{
    TEST_CLIENT_ID, TEST_CLIENT_SECRET, TEST_DOKU_NEXT_PRIVATE_KEY_PEM, TEST_DOKU_NEXT_PUBLIC_KEY_PEM,
    TEST_DOKU_PRIVATE_KEY_PEM, TEST_DOKU_PUBLIC_KEY_PEM, TEST_PRIVATE_KEY_PEM, TEST_PUBLIC_KEY_PEM,
};
pub use misbehaviour::{Conflict, Endpoint, Misbehaviour, Rule};
pub use notify::{
    Attempt, Exchange, Forgery, Form, Notice, NotificationRecord, NotificationState, Notifications, Retry,
};
pub use options::{Certificate, Customer, Options};
pub use records::{Counts, PaymentRecord, PaymentState, RefundRecord, SeenRequest};
pub use sandbox::Sandbox;

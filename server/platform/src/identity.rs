//! Who asks: the identity port, and the development sign-in that works on this machine only.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use dictamen_value::Message;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;
use crate::store::Pending;

/// A person or a program that was recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The stable name by which records refer to it.
    pub subject: String,
    /// The names of the roles it may act in.
    pub roles: BTreeSet<String>,
}

impl Principal {
    /// The roles whose task it is to know how reserved criteria decide.
    pub const RESERVED_ROLES: [&str; 2] = ["auditoria", "riesgos"];

    /// Whether it may know what is reserved.
    pub fn sees_reserved(&self) -> bool {
        Self::RESERVED_ROLES.iter().any(|role| self.has_role(role))
    }

    /// Whether it may act in a role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }
}

/// What a request carries to say who sends it.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The address at the other end of the connection; none for a call within the process.
    pub peer: Option<IpAddr>,
    /// The value of the `Authorization` header.
    pub authorization: Option<String>,
}

/// Recognises who sends a request.
pub trait Identity: Send + Sync {
    /// The principal behind credentials, or a problem of status 401 or 403.
    fn authenticate(&self, credentials: Credentials) -> Pending<Result<Arc<Principal>, Problem>>;

    /// Fails unless a server with this identity may listen on an address.
    fn may_listen(&self, address: SocketAddr) -> Result<(), NotLoopback>;
}

/// The sign-in for development: everyone on the loopback interface is `desarrollo`, and nobody else is served.
#[derive(Clone, Debug)]
pub struct DevelopmentSignIn {
    everyone: Arc<Principal>,
}

impl DevelopmentSignIn {
    /// The subject that everyone on this machine is.
    pub const SUBJECT: &'static str = "desarrollo";

    /// A sign-in that gives everyone these roles.
    pub fn with_roles<R: Into<String>>(roles: impl IntoIterator<Item = R>) -> DevelopmentSignIn {
        let (subject, roles) = (DevelopmentSignIn::SUBJECT.to_owned(), roles.into_iter().map(Into::into).collect());
        DevelopmentSignIn { everyone: Arc::new(Principal { subject, roles }) }
    }
}

impl Default for DevelopmentSignIn {
    /// A sign-in that gives no roles.
    fn default() -> DevelopmentSignIn {
        DevelopmentSignIn::with_roles::<String>([])
    }
}

impl Identity for DevelopmentSignIn {
    fn authenticate(&self, credentials: Credentials) -> Pending<Result<Arc<Principal>, Problem>> {
        let local = credentials.peer.is_some_and(is_loopback);
        let found = local.then(|| self.everyone.clone()).ok_or_else(not_from_here);
        Box::pin(std::future::ready(found))
    }

    fn may_listen(&self, address: SocketAddr) -> Result<(), NotLoopback> {
        ensure_loopback(address)
    }
}

/// Fails unless an address is reachable from this machine only: until identity is built, the service listens nowhere else.
pub fn ensure_loopback(address: SocketAddr) -> Result<(), NotLoopback> {
    if is_loopback(address.ip()) { Ok(()) } else { Err(NotLoopback { address }) }
}

/// The refusal to listen where others could reach a service that recognises nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLoopback {
    /// The address that was asked for.
    pub address: SocketAddr,
}

impl NotLoopback {
    /// What to tell the operator.
    pub fn message(&self) -> Message {
        let address = self.address;
        Message::new(
            format!(
                "no se escucha en {address}: el inicio de sesión de desarrollo no reconoce a nadie, así que solo se permite \
                 la interfaz local (127.0.0.1 o [::1]); use una de ellas, o un túnel, hasta que se configure la identidad"
            ),
            format!(
                "not listening on {address}: the development sign-in recognises nobody, so only the loopback interface \
                 (127.0.0.1 or [::1]) is allowed; use one of them, or a tunnel, until identity is configured"
            ),
        )
    }
}

impl std::fmt::Display for NotLoopback {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.message().fmt(out)
    }
}

impl std::error::Error for NotLoopback {}

/// Loopback addresses, also those that IPv6 wraps (`::ffff:127.0.0.1`).
fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn not_from_here() -> Problem {
    Problem::forbidden(Message::new(
        "el inicio de sesión de desarrollo atiende solo a esta máquina",
        "the development sign-in serves this machine only",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_may_be_listened_on() {
        for (address, allowed) in [
            ("127.0.0.1:8080", true),
            ("127.8.9.10:80", true),
            ("[::1]:8080", true),
            ("[::ffff:127.0.0.1]:8080", true),
            ("0.0.0.0:8080", false),
            ("[::]:8080", false),
            ("192.168.1.4:8080", false),
            ("[::ffff:10.0.0.1]:8080", false),
        ] {
            assert_eq!(ensure_loopback(address.parse().unwrap()).is_ok(), allowed, "{address}");
        }
    }

    #[tokio::test]
    async fn everyone_on_this_machine_is_the_developer() {
        let identity = DevelopmentSignIn::with_roles(["analista"]);
        let at = |peer: &str| Credentials { peer: Some(peer.parse().unwrap()), authorization: None };
        let principal = identity.authenticate(at("127.0.0.1")).await.unwrap();
        assert_eq!(principal.subject, "desarrollo");
        assert!(principal.has_role("analista") && !principal.has_role("auditora"));
        assert_eq!(identity.authenticate(at("10.0.0.1")).await.unwrap_err().status, 403);
        assert_eq!(identity.authenticate(Credentials::default()).await.unwrap_err().status, 403);
    }
}

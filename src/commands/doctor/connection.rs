//! The findings about one connection, each with its cure. Opens nothing: it is told what was seen.

use super::report::Finding;
use crate::http::client::{Certificate, Doubt, Proxy, Way};
use crate::http::{Cause, Stage, TransportError};
use crate::protocol::failure::{Code, Failure};
use crate::zoom::error::{broken, rfc3339};
use std::time::{Duration, SystemTime};

/// A certificate that ends sooner is warned of.
const SOON: Duration = Duration::from_secs(14 * DAY);

/// Seconds of a day.
const DAY: u64 = 86_400;

/// The evidence about a connection.
pub struct Judge<'a> {
    /// The observations.
    pub way: &'a Way,
    /// `host:port`.
    pub host: &'a str,
    /// The resource's field that names the host.
    pub field: &'a str,
    /// The URL is plain http.
    pub plain: bool,
    /// The resource's `verify_certificate`.
    pub verify: bool,
    /// The time of day.
    pub now: SystemTime,
    /// The time that is left.
    pub left: Duration,
}

impl Judge<'_> {
    /// All findings, in order.
    pub fn findings(&self) -> Vec<Finding> {
        let failure = self
            .way
            .outcome
            .as_ref()
            .err()
            .map(|why| (why, broken(why, self.host, self.left, self.now)));

        let failure = failure.as_ref();
        let mut findings = vec![self.proxy(), self.dns(failure)];
        let stage = failure.map_or(Stage::Waiting, |(why, _)| why.stage);
        findings.push(match (failure, stage) {
            (_, Stage::Resolving) => {
                Finding::skipped("connect", "there is no address to connect to")
            }
            (Some((_, failure)), Stage::Connecting) => self.unconnected(failure),
            _ => Finding::well("connect", format!("stands{}", took(self.way.connecting))),
        });

        match stage {
            _ if self.plain => {
                findings.push(Finding::well(
                    "TLS",
                    "none: plain http, which is accepted for this machine only",
                ));
            }
            Stage::Resolving | Stage::Connecting => {
                findings.push(Finding::skipped("TLS", "there is no connection"));
                findings.push(Finding::skipped("certificate", "there is no connection"));
            }
            _ => {
                findings.push(self.tls(failure));
                findings.push(self.certificate(failure));
            }
        }

        findings
    }

    fn proxy(&self) -> Finding {
        Finding::well(
            "proxy",
            match &self.way.proxy {
                Proxy::None => "none".to_owned(),
                Proxy::PassedBy { origin } if self.is_loopback() => {
                    format!("none: {origin} is not used for this machine itself")
                }
                Proxy::PassedBy { origin } => {
                    format!("none: NO_PROXY excepts this host from {origin}")
                }
                Proxy::Through { address, origin } => format!("{address}, from {origin}"),
            },
        )
    }

    fn is_loopback(&self) -> bool {
        let host = self
            .host
            .rsplit_once(':')
            .map_or(self.host, |(host, _)| host);
        host == "localhost" || host.starts_with("127.") || host == "[::1]"
    }

    fn origin(&self) -> Option<&'static str> {
        match &self.way.proxy {
            Proxy::Through { origin, .. } => Some(origin),
            _ => None,
        }
    }

    fn dns(&self, failure: Option<&(&TransportError, Failure)>) -> Finding {
        let name = self.way.name.as_deref().unwrap_or(self.host);
        if let Some((why, failure)) = failure.filter(|(why, _)| why.stage == Stage::Resolving) {
            let detail = why
                .chain
                .get(1)
                .map(|detail| format!(": {detail}"))
                .unwrap_or_default();
            let late = if why.cause == Cause::TimedOut {
                " in time"
            } else {
                ""
            };
            let text = format!("No address was found{late} for {name}{detail}.");
            return Finding::failed("DNS", failure.code, text).cure(match self.origin() {
                Some(origin) => format!("That is the proxy. See that its name is right in {origin}, and that this machine's name service knows it."),
                None => format!("See that the name is right in `{}`, and that this machine's name service works. Where only a proxy may look names up, set `proxy_url`.", self.field),
            });
        }

        if self.way.name.is_none() {
            return Finding::well("DNS", "not needed: an address is given");
        }

        let addresses: Vec<String> = self.way.addresses.iter().map(ToString::to_string).collect();
        let whose = if self.origin().is_some() {
            format!("{name}, the proxy, is ")
        } else {
            String::new()
        };

        Finding::well(
            "DNS",
            format!(
                "{whose}{}{}",
                addresses.join(", "),
                took(self.way.resolving)
            ),
        )
    }

    fn unconnected(&self, failure: &Failure) -> Finding {
        let finding = Finding::failed("connect", failure.code, failure.message.clone());
        let (host, field) = (self.host, self.field);
        finding.cure(match self.origin() {
            Some(origin) if self.way.proxy_wants_password() => format!("Put the proxy's user name and password into {origin}: http://USER:PASSWORD@HOST:PORT. If they are there, they are wrong."),
            Some(_) if self.way.proxy_refused() => format!("The proxy was reached and does not connect to {host}. Ask those who run it to allow CONNECT to {host}."),
            Some(origin) => format!("The proxy itself was not reached. See that host and port are right in {origin}, and that the proxy runs."),
            None => format!("Nothing listens there, or a firewall is in the way. See that `{field}` is right; let this machine reach {host} over TCP; where only a proxy may, set `proxy_url`."),
        })
    }

    fn tls(&self, failure: Option<&(&TransportError, Failure)>) -> Finding {
        match failure {
            Some((why, failure)) if why.cause != Cause::Untrusted => {
                let finding = Finding::failed("TLS", failure.code, failure.message.clone());
                finding.cure(format!("What answers on {} does not speak TLS as Zoom does. See that `{}` has the right host and port; a firewall that breaks TLS open looks like this too.", self.host, self.field))
            }
            _ => Finding::well(
                "TLS",
                format!(
                    "{}{}",
                    self.way.version.unwrap_or("spoken"),
                    took(self.way.securing)
                ),
            ),
        }
    }

    fn certificate(&self, failure: Option<&(&TransportError, Failure)>) -> Finding {
        let untrusted = match failure {
            Some((why, failure)) if why.cause == Cause::Untrusted => Some(failure),
            Some(_) => return Finding::skipped("certificate", "the TLS handshake failed"),
            None => None,
        };

        let own = self.way.chain.first();
        let text = own.map_or_else(|| "it cannot be read".to_owned(), |own| self.describe(own));
        let issuers = self
            .way
            .chain
            .iter()
            .map(|one| format!("issued by {}", one.issuer));

        if let Some(failure) = untrusted {
            let (doubt, why) = self
                .way
                .refusal
                .clone()
                .unwrap_or((Doubt::Other, failure.message.clone()));
            let finding =
                Finding::failed("certificate", failure.code, format!("Not trusted: {why}."));
            return finding.notes([text]).notes(issuers).cure(self.trust(doubt));
        }

        if !self.verify {
            let finding = Finding::warning(
                "certificate",
                "Not checked: `verify_certificate` is off, and anybody on the way can read the client secret.",
            );
            let cure = match &self.way.refusal {
                None => "It would be trusted: turn `verify_certificate` on.".to_owned(),
                Some((doubt, why)) => {
                    format!(
                        "If it were checked: {why}. {} Then turn `verify_certificate` on.",
                        self.trust(*doubt)
                    )
                }
            };
            return finding.notes([text]).notes(issuers).cure(cure);
        }

        let left = own.map(|own| own.until.duration_since(self.now).unwrap_or_default());
        let finding = if left.is_some_and(|left| left < SOON) {
            Finding::warning("certificate", text).cure("It ends soon. Tell those who run this server or proxy to renew it; after that day nothing connects any more.")
        } else {
            Finding::well("certificate", text)
        };

        let finding = finding.notes(issuers);
        if self.way.bundled {
            return finding;
        }

        finding.notes([
            "Its root is none of the bundled ones; `ca_certificate`, SSL_CERT_FILE or SSL_CERT_DIR names it: a proxy that inspects TLS, most likely.".to_owned(),
        ])
    }

    fn describe(&self, own: &Certificate) -> String {
        let name = match own.hosts.as_slice() {
            [] => own.subject.clone(),
            hosts if hosts.len() > 3 => format!(
                "{} and {} others",
                hosts.iter().take(3).cloned().collect::<Vec<_>>().join(", "),
                hosts.len() - 3
            ),
            hosts => hosts.join(", "),
        };

        let date = |time| {
            rfc3339(time)
                .split('T')
                .next()
                .unwrap_or_default()
                .to_owned()
        };

        let until = date(own.until);
        if own.from > self.now {
            return format!("for {name}, valid from {} on", date(own.from));
        }

        match own
            .until
            .duration_since(self.now)
            .map(|left| left.as_secs() / DAY)
        {
            Ok(1) => format!("for {name}, valid until {until}, 1 day from now"),
            Ok(days) => format!("for {name}, valid until {until}, {days} days from now"),
            Err(_) => format!("for {name}, valid until {until}, which is past"),
        }
    }

    fn trust(&self, doubt: Doubt) -> String {
        let host = self.host;
        match doubt {
            Doubt::Age => format!(
                "This machine's clock says {}. If that is wrong, set it; if it is right, tell those who run {host}, or the proxy that answers for it, to renew the certificate.",
                rfc3339(self.now)
            ),
            Doubt::Host => format!(
                "Another server answers for {host}. See that `{}` is right, and that no proxy or name service leads elsewhere.",
                self.field
            ),
            Doubt::Issuer => {
                let issuer = self
                    .way
                    .chain
                    .last()
                    .map_or("its issuer", |last| last.issuer.as_str());
                format!(
                    "If a proxy or firewall here inspects TLS, put its root certificate ({issuer}) into `ca_certificate` as PEM text. If none does, somebody else answers in Zoom's place: ask your network people before you go on."
                )
            }
            Doubt::Other => Code::UntrustedCertificate.info().hint.to_owned(),
        }
    }
}

/// ` (12 ms)`, where the time is known.
pub fn took(time: Option<Duration>) -> String {
    time.map(|time| format!(" ({} ms)", time.as_millis()))
        .unwrap_or_default()
}

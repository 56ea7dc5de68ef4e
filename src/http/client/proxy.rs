//! Which proxy a connection goes through: the resource's, or the one that the environment names. Opens nothing.

use super::phase;
use crate::protocol::resource::proxy_address;
use crate::protocol::secret::Secret;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// Never proxied, whatever is set: a proxy elsewhere can't reach this machine's loopback addresses.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// A proxy, and for which hosts it is not used.
pub struct Endpoint {
    /// The field or the variable that names it.
    pub origin: &'static str,
    url: Secret<Url>,
    except: String,
    /// Hosts that are reached without it at one port only.
    except_ports: Vec<(String, u16)>,
}

/// The separators between the entries of `NO_PROXY`.
const BETWEEN: [char; 4] = [',', ';', ' ', '\t'];

/// Finds the proxy: `configured`, or else the first of `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY` and `all_proxy` that
/// is not empty. `NO_PROXY` (or `no_proxy`) counts for the latter only: host names with all below them, addresses,
/// networks as `10.0.0.0/8`, each with a port or without, or `*`. `environment` reads one variable.
///
/// # Errors
/// A text that says what does not parse. It never repeats the value, which may hold a password.
pub fn find(
    configured: Option<&Secret<String>>,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Option<Endpoint>, String> {
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| {
            Some((
                *name,
                environment(name).filter(|value| !value.trim().is_empty())?,
            ))
        })
    };

    let (origin, value, except) = match configured {
        Some(value) => ("proxy_url", value.reveal().clone(), String::new()),
        None => match first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
            Some((name, value)) => (
                name,
                value,
                first(&["NO_PROXY", "no_proxy"]).unwrap_or_default().1,
            ),
            None => return Ok(None),
        },
    };

    // reqwest applies `*` to names only, not to addresses.
    if except.split(BETWEEN).any(|entry| entry == "*") {
        return Ok(None);
    }

    let url = proxy_address(&value).map_err(|wrong| format!("{origin} {wrong}"))?;
    let (except, except_ports) = exceptions(&except);

    Ok(Some(Endpoint {
        origin,
        url: Secret::new(url),
        except,
        except_ports,
    }))
}

/// Returns the list in the form that reqwest reads, commas alone and `.corp` for `*.corp`, and the entries with a port,
/// which it does not know.
fn exceptions(given: &str) -> (String, Vec<(String, u16)>) {
    let mut list = LOOPBACK.to_owned();
    let mut ports = Vec::new();

    for entry in given.split(BETWEEN) {
        let entry = entry.strip_prefix('*').unwrap_or(entry);
        let port = entry.rsplit_once(':').and_then(|(host, port)| {
            // An IPv6 address has colons of its own.
            let host = host.trim_end_matches('.');
            let is_whole = !host.contains(':') || host.ends_with(']');
            Some((
                host.to_ascii_lowercase(),
                port.parse().ok().filter(|_| is_whole)?,
            ))
        });
        match port {
            Some(port) => ports.push(port),
            None if entry.trim_end_matches('.').is_empty() => {}
            None => {
                list.push(',');
                list.push_str(entry.trim_end_matches('.'));
            }
        }
    }

    (list, ports)
}

/// True when `name` is the host of `url`, or one above it.
fn covers((name, port): &(String, u16), url: &Url) -> bool {
    let name = name.trim_start_matches('.');
    let is_below = |host: &str| {
        host.strip_suffix(name)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    url.port_or_known_default() == Some(*port) && url.host_str().is_some_and(is_below)
}

impl Endpoint {
    /// `host:port`, without credentials.
    pub fn address(&self) -> String {
        super::address(self.url.reveal())
    }

    /// The rules in reqwest's words, in their order. Plain http is for loopback alone, so https is all that is
    /// proxied; by CONNECT, with the credentials as `Proxy-Authorization: Basic`.
    ///
    /// # Errors
    /// A text, should reqwest not take the address.
    pub fn rules(&self) -> Result<[reqwest::Proxy; 2], String> {
        let proxy = self.url.reveal().clone();
        let rule = if self.except_ports.is_empty() {
            reqwest::Proxy::https(proxy).map_err(|_| "the proxy can't be used".to_owned())?
        } else {
            // reqwest does not look at its own list of exceptions where the rule is a function.
            let names = Matcher::builder()
                .https(String::from(proxy.clone()))
                .no(self.except.clone())
                .build();
            let ports = self.except_ports.clone();
            reqwest::Proxy::custom(move |url| {
                let uri: hyper::Uri = url.as_str().parse().ok()?;
                let is_direct =
                    names.intercept(&uri).is_none() || ports.iter().any(|one| covers(one, url));
                (!is_direct).then(|| proxy.clone())
            })
        };

        let rule = rule.no_proxy(reqwest::NoProxy::from_string(&self.except));

        // This one fits nothing. It is asked where the first did not fit: reqwest tells in no other way that a
        // connection goes straight to the host.
        let none = reqwest::Proxy::custom(|_| {
            phase::direct();
            None::<Url>
        });

        Ok([rule, none])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)]) -> Option<(String, String)> {
        let read = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        find(None, read)
            .unwrap()
            .map(|route| (route.address(), route.except))
    }

    fn address(variables: &[(&str, &str)]) -> Option<String> {
        found(variables).map(|(address, _)| address)
    }

    #[test]
    fn no_variable_no_proxy() {
        assert_eq!(address(&[]), None);
        assert_eq!(address(&[("HTTPS_PROXY", ""), ("https_proxy", " ")]), None);
        assert_eq!(
            address(&[("HTTP_PROXY", "http://a:1"), ("http_proxy", "http://a:1")]),
            None
        );
    }

    #[test]
    fn the_variables_count_in_their_order() {
        let all = [
            ("HTTPS_PROXY", "http://a:1"),
            ("https_proxy", "http://b:2"),
            ("ALL_PROXY", "http://c:3"),
            ("all_proxy", "http://d:4"),
        ];
        let expected = ["a:1", "b:2", "c:3", "d:4"];
        for (i, expected) in expected.iter().enumerate() {
            assert_eq!(address(&all[i..]).as_deref(), Some(*expected));
        }
        assert_eq!(
            address(&[("HTTPS_PROXY", ""), ("https_proxy", "http://b:2")]).as_deref(),
            Some("b:2")
        );
    }

    #[test]
    fn a_proxy_without_a_scheme_is_http() {
        assert_eq!(
            address(&[("HTTPS_PROXY", "proxy.corp:3128")]).as_deref(),
            Some("proxy.corp:3128")
        );
        assert_eq!(
            address(&[("HTTPS_PROXY", "user:pw@proxy.corp")]).as_deref(),
            Some("proxy.corp:80")
        );
    }

    #[test]
    fn no_proxy_adds_to_the_loopback_exceptions() {
        let (_, except) = found(&[
            ("HTTPS_PROXY", "http://a:1"),
            ("NO_PROXY", "zoom.us, 10.0.0.0/8 *.corp,"),
            ("no_proxy", "x"),
        ])
        .unwrap();
        assert_eq!(except, "localhost,127.0.0.0/8,::1,zoom.us,10.0.0.0/8,.corp");
        let (_, except) = found(&[
            ("HTTPS_PROXY", "http://a:1"),
            ("NO_PROXY", "zoom.us.;*.corp;x.org:444;;"),
        ])
        .unwrap();
        assert_eq!(except, "localhost,127.0.0.0/8,::1,zoom.us,.corp");
        for all in ["*", "zoom.us, *", "zoom.us;*"] {
            assert_eq!(
                found(&[("HTTPS_PROXY", "http://a:1"), ("no_proxy", all)]),
                None
            );
        }
    }

    #[test]
    fn no_proxy_with_a_port_covers_that_port_alone() {
        let (_, ports) = exceptions("x.org:444;[::1]:8443,::1");
        assert_eq!(
            ports,
            [("x.org".to_owned(), 444), ("[::1]".to_owned(), 8443)]
        );
        for (url, covered) in [
            ("https://x.org:444/a", true),
            ("https://api.x.org:444/a", true),
            ("https://x.org/a", false),
            ("https://notx.org:444/a", false),
        ] {
            assert_eq!(
                covers(&ports[0], &Url::parse(url).unwrap()),
                covered,
                "{url}"
            );
        }
    }

    #[test]
    fn the_configured_proxy_stands_alone() {
        let configured = Secret::new("http://user:pw@own:8080".to_owned());
        let route = find(Some(&configured), |_| Some("http://other:1".to_owned()))
            .unwrap()
            .unwrap();
        assert_eq!(route.address(), "own:8080");
        assert_eq!(route.except, LOOPBACK);
    }

    #[test]
    fn what_does_not_parse_is_named_and_not_repeated() {
        for value in [
            "socks5://u:hunter2@a:1",
            "http://",
            "http://u:hunter2@a:99999",
            "ftp://hunter2",
            "http://u:hunter2@a:1/hunter2",
        ] {
            let error = find(None, |name| (name == "ALL_PROXY").then(|| value.to_owned()))
                .map(|_| ())
                .unwrap_err();
            assert!(error.starts_with("ALL_PROXY "), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

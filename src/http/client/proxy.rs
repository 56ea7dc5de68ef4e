//! Which proxy a connection goes through: the resource's, or the one that the environment names. Opens nothing.

use super::phase;
use crate::protocol::resource::proxy_address;
use crate::protocol::secret::Secret;
use hyper_util::client::proxy::matcher::Matcher;
use std::sync::Arc;
use url::Url;

/// Never proxied, whatever is set: a proxy elsewhere can't reach this machine's loopback addresses.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// A proxy, and for which hosts it is not used.
pub struct Endpoint {
    /// The field or the variable that names it.
    pub origin: &'static str,
    url: Secret<Url>,
    /// Hosts that are reached without it at one port only.
    except_ports: Vec<(String, u16)>,
    rules: Matcher,
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
    let rules = Matcher::builder()
        .https(String::from(url.clone()))
        .no(except)
        .build();

    Ok(Some(Endpoint {
        origin,
        url: Secret::new(url),
        except_ports,
        rules,
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

    /// Returns the address with its credentials.
    pub const fn url(&self) -> &Url {
        self.url.reveal()
    }

    /// True when requests to `url` go through it.
    pub fn serves(&self, url: &Url) -> bool {
        let is_excepted = self.except_ports.iter().any(|one| covers(one, url));
        let uri: Option<hyper::Uri> = url.as_str().parse().ok();
        !is_excepted && uri.is_some_and(|uri| self.rules.intercept(&uri).is_some())
    }
}

/// Returns the rule in reqwest's words. Plain http is for loopback alone, so https is all that is proxied; by CONNECT, with
/// the credentials as `Proxy-Authorization: Basic`.
pub fn rule(proxy: &Arc<Endpoint>) -> reqwest::Proxy {
    let proxy = Arc::clone(proxy);
    reqwest::Proxy::custom(move |url| {
        if proxy.serves(url) {
            return Some(proxy.url().clone());
        }

        // reqwest tells in no other way that a connection goes straight to the host.
        phase::direct();
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)]) -> Option<Endpoint> {
        let read = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        find(None, read).unwrap()
    }

    fn address(variables: &[(&str, &str)]) -> Option<String> {
        found(variables).map(|proxy| proxy.address())
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
    fn no_proxy_excepts_hosts_networks_and_ports_as_people_write_them() {
        let proxy = found(&[
            ("HTTPS_PROXY", "http://a:1"),
            ("NO_PROXY", "zoom.us.;10.0.0.0/8 *.corp;x.org:444;;"),
            ("no_proxy", "y"),
        ])
        .unwrap();
        for (url, is_served) in [
            ("https://api.zoom.us/v2", false),
            ("https://notzoom.us/v2", true),
            ("https://10.1.2.3/", false),
            ("https://11.1.2.3/", true),
            ("https://a.corp/", false),
            ("https://x.org:444/", false),
            ("https://x.org/", true),
            ("https://y/", true),
            ("https://localhost:8443/", false),
            ("https://127.9.9.9/", false),
            ("https://[::1]:1/", false),
            ("http://example.com/", false),
        ] {
            assert_eq!(proxy.serves(&Url::parse(url).unwrap()), is_served, "{url}");
        }
        for all in ["*", "zoom.us, *", "zoom.us;*"] {
            assert_eq!(
                address(&[("HTTPS_PROXY", "http://a:1"), ("no_proxy", all)]),
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
        let proxy = find(Some(&configured), |_| Some("http://other:1".to_owned()))
            .unwrap()
            .unwrap();
        assert_eq!(proxy.address(), "own:8080");
        assert!(proxy.serves(&Url::parse("https://other/").unwrap()));
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

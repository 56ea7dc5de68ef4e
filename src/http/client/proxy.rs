//! Which proxy a connection goes through: the resource's, or the one that the environment names. Opens nothing.

use super::phase;
use crate::protocol::secret::Secret;
use url::Url;

/// Never proxied, whatever is set: a proxy elsewhere can't reach this machine's loopback addresses.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// A proxy, and for which hosts it is not used.
pub struct Endpoint {
    /// The field or the variable that names it.
    pub origin: &'static str,
    url: Secret<Url>,
    except: String,
}

/// Finds the proxy: `configured`, or else the first of `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY` and `all_proxy` that
/// is not empty. `NO_PROXY` (or `no_proxy`) counts for the latter only: host names with all below them, addresses,
/// networks as `10.0.0.0/8`, or `*`. `environment` reads one variable.
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
    if except.split([',', ' ', '\t']).any(|entry| entry == "*") {
        return Ok(None);
    }
    let url = parse(value.trim()).map_err(|wrong| format!("{origin} {wrong}"))?;
    Ok(Some(Endpoint {
        origin,
        url: Secret::new(url),
        except: exceptions(&except),
    }))
}

/// The list in the form that reqwest reads: commas alone, `.corp` for `*.corp`.
fn exceptions(given: &str) -> String {
    let mut list = LOOPBACK.to_owned();
    for entry in given
        .split([',', ' ', '\t'])
        .filter(|entry| !entry.is_empty())
    {
        list.push(',');
        list.push_str(if entry.starts_with("*.") {
            entry.trim_start_matches('*')
        } else {
            entry
        });
    }
    list
}

fn parse(value: &str) -> Result<Url, &'static str> {
    const FORM: &str = "does not have the form http://[user:password@]host:port";
    let whole = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    let url = Url::parse(&whole).map_err(|_| FORM)?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        "http" | "https" => Err(FORM),
        _ => Err("names a proxy of another kind: only http:// and https:// proxies can be used"),
    }
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
        let rule = reqwest::Proxy::https(self.url.reveal().clone())
            .map_err(|_| "the proxy can't be used".to_owned())?;
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
        for all in ["*", "zoom.us, *"] {
            assert_eq!(
                found(&[("HTTPS_PROXY", "http://a:1"), ("no_proxy", all)]),
                None
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
        ] {
            let error = find(None, |name| (name == "ALL_PROXY").then(|| value.to_owned()))
                .map(|_| ())
                .unwrap_err();
            assert!(error.starts_with("ALL_PROXY "), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

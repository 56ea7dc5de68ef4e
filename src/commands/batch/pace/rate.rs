//! One label's budget: evenly spaced calls once there is a limit, slower after each 429, faster again with time.

use crate::http::Response;
use crate::http::rate_limit::{Limit, limit};
use crate::zoom::account_plan::Plan;
use crate::zoom::endpoint::RateLabel;
use std::time::{Duration, SystemTime};

/// What a 429 means for the calls of its label where it does not say how long it holds.
const PAUSE: Duration = Duration::from_secs(1);

/// The 429s within this time of one are its echo: they answer calls that were under way.
const ECHO: Duration = Duration::from_secs(1);

/// The slowest pace, calls a second.
const SLOWEST: f64 = 1.0;

/// What is left of the figure that Zoom names: others use the account too.
const SHARE: f64 = 0.9;

/// A quiet second gives back this part of the highest pace.
const RECOVERY: f64 = 0.05;

/// How long a limit is believed in without asking again.
const BELIEF: Duration = Duration::from_secs(60);

/// A label's budget. Times are the batch's clock's.
#[derive(Debug)]
pub struct Rate {
    /// Calls a second; `None` until there is a reason to hold anything back.
    pace: Option<f64>,
    /// The highest pace.
    most: f64,
    /// True when Zoom, or who started the batch, has named the figure.
    is_named: bool,
    /// When the next call may go out.
    next: Duration,
    /// Until when none may.
    closed: Duration,
    /// When the pace was last made slower.
    slowed: Option<Duration>,
    /// Until when quiet seconds have been counted.
    counted: Duration,
    refusal: Option<Refusal>,
}

/// What Zoom said last, while it holds.
#[derive(Debug)]
struct Refusal {
    response: Response,
    is_daily: bool,
    /// When the limit is lifted.
    lifted: Duration,
    /// Until when it is believed in.
    until: Duration,
}

impl Rate {
    /// A budget that starts at `plan`'s figure; without one it holds nothing back.
    pub fn new(label: RateLabel, plan: Option<Plan>) -> Self {
        let most = f64::from(plan.unwrap_or(Plan::BEST).per_second(label));
        Self {
            pace: plan.map(|_| most),
            most,
            is_named: plan.is_some(),
            next: Duration::ZERO,
            closed: Duration::ZERO,
            slowed: None,
            counted: Duration::ZERO,
            refusal: None,
        }
    }

    /// Takes the next turn; answers with how long to wait for it.
    pub fn turn(&mut self, now: Duration) -> Duration {
        self.recover(now);
        let at = self.next.max(self.closed).max(now);
        if let Some(pace) = self.pace {
            self.next = at + Duration::from_secs_f64(1.0 / pace);
        }
        at - now
    }

    /// False while nothing may go out.
    pub fn is_open(&self, now: Duration) -> bool {
        self.closed <= now
    }

    /// How many lines may run at once: as many as calls go out in a second. More would only wait, on their own time.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to some hundreds"
    )]
    pub fn at_once(&self) -> Option<usize> {
        self.pace.map(|pace| pace.max(SLOWEST) as usize)
    }

    /// Zoom has answered 429.
    pub fn refused(&mut self, response: &Response, now: Duration, wall: SystemTime) {
        let kind = response
            .header("x-ratelimit-type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let limit = limit(response, wall);
        let wait = limit.wait().unwrap_or(PAUSE);
        let is_daily = matches!(limit, Limit::Daily { .. });

        // The limit of one host's meetings comes without this header. It is no concern of other users.
        if is_daily && !kind.starts_with("daily") {
            return;
        }

        let refusal = Refusal {
            response: response.clone(),
            is_daily,
            lifted: now + wait,
            until: now + wait.min(BELIEF),
        };

        self.refusal = Some(refusal);

        if is_daily {
            return;
        }

        self.closed = self.closed.max(now + wait.min(BELIEF));
        let figure = response
            .header("x-ratelimit-limit")
            .filter(|_| kind == "qps");
        let figure = figure
            .and_then(|text| text.trim().parse::<u32>().ok())
            .filter(|figure| *figure > 0);
        if let Some(figure) = figure {
            self.most = (f64::from(figure) * SHARE).max(SLOWEST);
            self.is_named = true;
        }

        let is_echo = self
            .slowed
            .is_some_and(|slowed| now.saturating_sub(slowed) < ECHO);
        self.pace = Some(match self.pace {
            None => self.most,
            Some(pace) if is_echo => pace.min(self.most),
            Some(pace) => (pace * if self.is_named { 0.8 } else { 0.5 }).clamp(SLOWEST, self.most),
        });

        if !is_echo {
            self.slowed = Some(now);
        }

        self.counted = self.closed;
        self.next = self.next.max(self.closed);
    }

    /// What a call would be answered with that has `left` to wait: a daily limit is not waited for, nor one that holds longer.
    pub fn refusal(&self, now: Duration, left: Duration) -> Option<Response> {
        let refusal = self
            .refusal
            .as_ref()
            .filter(|refusal| now < refusal.until)?;
        let wait = refusal.lifted.saturating_sub(now);
        if !refusal.is_daily && wait < left {
            return None;
        }

        let mut response = refusal.response.clone();

        // What it said then was counted from then.
        response.headers.retain(|(name, _)| name != "retry-after");
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response
            .headers
            .push(("retry-after".to_owned(), seconds.to_string()));

        Some(response)
    }

    /// Gives back a little for each second that went by quietly.
    fn recover(&mut self, now: Duration) {
        let quiet = now.saturating_sub(self.counted).as_secs();
        let Some(pace) = self.pace.filter(|_| quiet > 0) else {
            return;
        };
        self.counted += Duration::from_secs(quiet);
        self.pace = Some((pace + self.most * RECOVERY * quiet as f64).min(self.most));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn answer(headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Response {
            status: 429,
            headers,
            body: body.as_bytes().to_vec(),
            ..Response::default()
        }
    }

    /// How many calls go out between `from` and `to` when everybody always wants one.
    fn calls(rate: &mut Rate, from: Duration, to: Duration) -> usize {
        let (mut now, mut count) = (from, 0);
        loop {
            now += rate.turn(now);
            if now >= to {
                return count;
            }
            count += 1;
        }
    }

    #[test]
    fn nothing_is_held_back_before_the_first_429() {
        let mut rate = Rate::new(RateLabel::Light, None);
        assert!((0..10_000).all(|_| rate.turn(SECOND).is_zero()));
        assert_eq!(rate.at_once(), None);
    }

    #[test]
    fn a_plan_that_is_given_holds_from_the_start() {
        for (plan, label, figure) in [
            (Plan::Free, RateLabel::Heavy, 1),
            (Plan::Pro, RateLabel::Medium, 20),
            (Plan::Business, RateLabel::Light, 80),
        ] {
            let mut rate = Rate::new(label, Some(plan));
            let count = calls(&mut rate, Duration::ZERO, 10 * SECOND);
            assert!((figure * 10..=figure * 10 + 1).contains(&count), "{count}");
            assert_eq!(rate.at_once(), Some(figure));
        }
    }

    #[test]
    fn after_a_429_all_wait_and_then_keep_to_the_figure_that_zoom_names() {
        let mut rate = Rate::new(RateLabel::Light, None);
        rate.refused(
            &answer(
                &[("x-ratelimit-type", "QPS"), ("x-ratelimit-limit", "30")],
                "",
            ),
            SECOND,
            SystemTime::UNIX_EPOCH,
        );
        assert!(!rate.is_open(SECOND + Duration::from_millis(999)));
        assert_eq!(rate.turn(SECOND), PAUSE);
        assert_eq!(calls(&mut rate, 2 * SECOND, 12 * SECOND) / 10, 27);
    }

    #[test]
    fn without_a_figure_the_pace_is_halved_from_the_best_plans_down_and_comes_back() {
        let mut rate = Rate::new(RateLabel::Light, None);
        let mut now = SECOND;
        let mut paces = Vec::new();
        for _ in 0..8 {
            rate.refused(&answer(&[], ""), now, SystemTime::UNIX_EPOCH);
            // Its echo changes nothing.
            rate.refused(&answer(&[], ""), now + ECHO / 2, SystemTime::UNIX_EPOCH);
            paces.push(rate.at_once().unwrap());
            now += 2 * SECOND;
        }
        assert_eq!(paces, [80, 40, 20, 10, 5, 2, 1, 1]);
        rate.turn(now + 10 * SECOND);
        assert!((30..60).contains(&rate.at_once().unwrap()), "{rate:?}");
        rate.turn(now + 60 * SECOND);
        assert_eq!(rate.at_once(), Some(80));
    }

    #[test]
    fn a_daily_limit_is_answered_at_once_and_asked_about_once_a_minute() {
        let mut rate = Rate::new(RateLabel::Medium, None);
        let daily = answer(
            &[("x-ratelimit-type", "Daily-limit"), ("retry-after", "7200")],
            "{}",
        );
        rate.refused(&daily, SECOND, SystemTime::UNIX_EPOCH);
        let again = rate
            .refusal(11 * SECOND, Duration::from_secs(9999))
            .unwrap();
        assert_eq!(
            (again.header("retry-after"), again.body.as_slice()),
            (Some("7190"), b"{}".as_slice())
        );
        assert_eq!(rate.refusal(61 * SECOND, SECOND), None);
        assert_eq!(rate.at_once(), None, "it is no reason to be slow");
    }

    #[test]
    fn the_limit_of_one_hosts_meetings_is_no_concern_of_others() {
        let mut rate = Rate::new(RateLabel::Light, None);
        let words = "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user.";
        rate.refused(&answer(&[], words), SECOND, SystemTime::UNIX_EPOCH);
        assert_eq!(
            (
                rate.refusal(SECOND, SECOND),
                rate.at_once(),
                rate.is_open(SECOND)
            ),
            (None, None, true)
        );
    }

    #[test]
    fn a_pause_longer_than_a_line_has_is_answered_and_a_shorter_one_waited_out() {
        let mut rate = Rate::new(RateLabel::Light, None);
        rate.refused(
            &answer(&[("retry-after", "50")], ""),
            SECOND,
            SystemTime::UNIX_EPOCH,
        );
        assert_eq!(rate.refusal(SECOND, 60 * SECOND), None);
        assert_eq!(
            rate.refusal(SECOND, 20 * SECOND)
                .unwrap()
                .header("retry-after"),
            Some("50")
        );
        assert_eq!(rate.turn(11 * SECOND), 40 * SECOND);
    }
}

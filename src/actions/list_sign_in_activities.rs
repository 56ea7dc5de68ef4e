//! List Sign In Activities: sign-ins and sign-outs of the account, with IP address and client.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{Date, UserId};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::SignInActivity;
use crate::zoom::months::Days;
use crate::zoom::paging::{Limit, List, PageSize, Pager, field_is};
use schemars::JsonSchema;
use serde::Deserialize;

/// Lists sign-ins and sign-outs with IP address and client, newest month first. Zoom keeps them for six months and lists
/// no failed sign-ins. It needs a Pro plan or better.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSignInActivities {
    /// The first day, in UTC.
    pub from: Date,
    /// The last day, in UTC; today if left empty.
    pub to: Option<Date>,
    /// List only the activities of the user with this email address. Zoom has no such filter: all pages are read.
    pub email: Option<UserId>,
    /// List at most this many activities; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many activities per request.
    #[serde(default)]
    pub page_size: PageSize,
}

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/report/activities",
    label: RateLabel::Heavy,
    granular: &["report:read:user_activities:admin"],
    classic: &["report:read:admin"],
    need: Requirement::Required,
};

impl Action for ListSignInActivities {
    const ID: &'static str = "list_sign_in_activities";
    const TITLE: &'static str = "List Sign In Activities";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST];
    const TABLE: &'static [Column] = &[
        column("Time", "data.activity_logs.[].time"),
        column("Email", "data.activity_logs.[].email"),
        column("Type", "data.activity_logs.[].type"),
        column("IP address", "data.activity_logs.[].ip_address"),
        column("Client", "data.activity_logs.[].client_type"),
    ];
    type Output = List<SignInActivity>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let days = Days::new(zoom, &self.from, self.to.as_ref())?;
        days.warn_beyond(zoom, 6);
        let months = days.months();

        let mut list = Pager::new(zoom, self.limit, months.len());
        if let Some(email) = &self.email {
            list = list.filter(field_is("email", email.as_str()));
        }

        for month in months {
            let call = ApiCall::of(&LIST, &[], &month, Subject::List("sign-in activities"));
            list.read(&call, self.page_size.get())?;
        }

        Ok(list.finish("", "").into())
    }
}

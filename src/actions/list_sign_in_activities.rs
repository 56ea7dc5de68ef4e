//! List Sign In Activities: sign-ins and sign-outs of the account, with IP address and client.

use crate::action::prelude::*;
use crate::zoom::model::evidence::SignInActivity;

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

const LIST: Endpoint = Endpoint::new(
    Get,
    "/report/activities",
    Heavy,
    &["report:read:user_activities:admin"],
    classic::READ_REPORT,
);

impl Action for ListSignInActivities {
    const ID: &'static str = "list_sign_in_activities";
    const TITLE: &'static str = "List Sign In Activities";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "activity_logs";
    const TABLE: Columns = &[
        ("Time", "time"),
        ("Email", "email"),
        ("Type", "type"),
        ("IP address", "ip_address"),
        ("Client", "client_type"),
    ];
    type Output = List<SignInActivity>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let days = Days::new(zoom, &self.from, self.to.as_ref())?;
        days.warn_beyond(zoom, 6);
        let months = days.months();

        let mut list = Pager::new(zoom, self.limit, months.len());
        if let Some(email) = &self.email {
            list = list.filter(field_is("email", email.as_str()));
        }

        for month in months {
            let call = ApiCall::of(&LIST, &[], &month, Subject::List("sign-in activities"));
            list.read(&call, self.page_size)?;
        }
        list.finish("", "")
    }
}

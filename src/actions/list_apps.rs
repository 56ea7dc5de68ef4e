//! List Apps: the Marketplace apps of the account and their scopes, where consent phishing shows.

use crate::action::prelude::*;
use crate::zoom::model::evidence::App;

/// Lists the account's Marketplace apps with their scopes: those that were added, or another set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListApps {
    /// Choose the apps to list.
    #[serde(default, rename = "type")]
    pub kind: AppSet,
    /// List at most this many apps; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many apps per request.
    #[serde(default)]
    pub page_size: PageSize,
}

/// A set of apps.
#[derive(Debug, Default, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppSet {
    /// Apps that users of the account have added.
    #[default]
    AccountAdded,
    /// Apps that the account has made.
    AccountCreated,
    /// Requests for apps that wait for an answer.
    ActiveRequests,
    /// Requests for apps that were answered.
    PastRequests,
    /// Apps that everybody can find.
    Public,
    /// Apps that an administrator has approved.
    ApprovedApps,
    /// Apps that an administrator has restricted.
    RestrictedApps,
}

const LIST: Endpoint = Endpoint::new(
    Get,
    "/marketplace/apps",
    Medium,
    &["marketplace:read:list_apps:admin"],
    &["marketplace_app:read:admin"],
);

impl Action for ListApps {
    const ID: &'static str = "list_apps";
    const TITLE: &'static str = "List Apps";
    const ENDPOINTS: Endpoints = &[LIST];
    const ROWS: &'static str = "apps";
    const TABLE: Columns = &[
        ("App ID", "app_id"),
        ("Name", "app_name"),
        ("Type", "app_type"),
        ("Developer", "app_developer_type"),
        ("Scopes", "scopes.[].scope_name"),
    ];
    type Output = List<App>;

    fn run(self, zoom: &Zoom<'_>) -> Answer<Self::Output> {
        let query = Query::new().with("type", word(self.kind));
        let call = ApiCall::of(&LIST, &[], &query, Subject::List("apps"));

        Pager::new(zoom, self.limit, 1).read_all(&call, self.page_size, "")
    }
}

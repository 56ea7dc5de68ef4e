//! List Apps: the Marketplace apps of the account and their scopes, where consent phishing shows.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::word;
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::App;
use crate::zoom::paging::{Limit, List, PageSize, Pager};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Lists the account's Marketplace apps with their scopes: those that were added, or another set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListApps {
    /// Which apps.
    #[serde(default, rename = "type")]
    pub kind: AppSet,
    /// List at most this many apps; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many apps per request.
    #[serde(default)]
    pub page_size: PageSize,
}

/// A set of apps.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/marketplace/apps",
    label: RateLabel::Medium,
    granular: &["marketplace:read:list_apps:admin"],
    classic: &["marketplace_app:read:admin"],
    need: Requirement::Required,
};

impl Action for ListApps {
    const ID: &'static str = "list_apps";
    const TITLE: &'static str = "List Apps";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST];
    const TABLE: &'static [Column] = &[
        column("App ID", "data.apps.[].app_id"),
        column("Name", "data.apps.[].app_name"),
        column("Type", "data.apps.[].app_type"),
        column("Developer", "data.apps.[].app_developer_type"),
        column("Scopes", "data.apps.[].scopes.[].scope_name"),
    ];
    type Output = List<App>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let query = [("type", word(self.kind))];

        let mut list = Pager::new(zoom, self.limit, 1);
        let call = ApiCall::of(&LIST, &[], &query, Subject::List("apps"));
        list.read(&call, self.page_size.get())?;

        Ok(list.finish("", "").into())
    }
}

//! List Operation Logs: changes that administrators and users made to the account.

use crate::action::{Action, Column, Endpoint, Kind, Outcome, column};
use crate::http::Method;
use crate::protocol::failure::Failure;
use crate::protocol::parameter::{Date, UserId, word};
use crate::zoom::client::{ApiCall, Zoom};
use crate::zoom::endpoint::{RateLabel, Requirement};
use crate::zoom::error::Subject;
use crate::zoom::model::evidence::OperationLog;
use crate::zoom::months::Days;
use crate::zoom::paging::{Limit, List, PageSize, Pager, field_is};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Lists the account's audit trail, newest month first: settings turned off, roles given, recordings deleted, and who did
/// it. It needs a Pro plan or better.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOperationLogs {
    /// The first day, in UTC.
    pub from: Date,
    /// The last day, in UTC; today if left empty.
    pub to: Option<Date>,
    /// List only records of this category.
    pub category_type: Option<Category>,
    /// List only changes made by the person with this email address. Zoom has no such filter: all pages are read.
    pub operator: Option<UserId>,
    /// List at most this many records; leave it empty to list all.
    pub limit: Option<Limit>,
    /// Ask Zoom for this many records per request.
    #[serde(default)]
    pub page_size: PageSize,
}

/// A category of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// All categories.
    All,
    /// Users.
    User,
    /// Users' settings.
    UserSettings,
    /// The account.
    Account,
    /// Billing.
    Billing,
    /// Team Chat.
    Im,
    /// Recordings.
    Recording,
    /// Phone contacts.
    PhoneContacts,
    /// Webinars.
    Webinar,
    /// Sub-accounts.
    SubAccount,
    /// Roles.
    Role,
    /// Zoom Rooms.
    ZoomRooms,
}

const LIST: Endpoint = Endpoint {
    method: Method::Get,
    path: "/report/operationlogs",
    label: RateLabel::Heavy,
    granular: &["report:read:operation_logs:admin"],
    classic: &["report:read:admin"],
    need: Requirement::Required,
};

impl Action for ListOperationLogs {
    const ID: &'static str = "list_operation_logs";
    const TITLE: &'static str = "List Operation Logs";
    const KIND: Kind = Kind::Enrichment;
    const ENDPOINTS: &'static [Endpoint] = &[LIST];
    const TABLE: &'static [Column] = &[
        column("Time", "data.operation_logs.[].time"),
        column("Operator", "data.operation_logs.[].operator"),
        column("Category", "data.operation_logs.[].category_type"),
        column("Action", "data.operation_logs.[].action"),
        column("Detail", "data.operation_logs.[].operation_detail"),
    ];
    type Output = List<OperationLog>;

    fn run(self, zoom: &Zoom<'_>) -> Result<Outcome<Self::Output>, Failure> {
        let months = Days::new(zoom, &self.from, self.to.as_ref())?.months();

        let mut list = Pager::new(zoom, self.limit, months.len());
        if let Some(operator) = &self.operator {
            list = list.filter(field_is("operator", operator.as_str()));
        }

        for month in months {
            let mut query = month.to_vec();
            query.extend(
                self.category_type
                    .map(|category| ("category_type", word(category))),
            );
            let call = ApiCall::of(&LIST, &[], &query, Subject::List("operation logs"));
            list.read(&call, self.page_size.get())?;
        }

        Ok(list.finish("", "").into())
    }
}

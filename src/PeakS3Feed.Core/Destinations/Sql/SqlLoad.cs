using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>What the parts of one load on a SQL database share.</summary>
internal sealed record SqlLoad(
    SqlLedger Ledger, SqlDialect Dialect, LoadTarget Target, LoadOrder Order, Func<CancellationToken, Task<TableSnapshot>> Inspect)
{
    public LoadSpec Spec => Order.Spec;
}

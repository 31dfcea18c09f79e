using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>What the parts of one load on a SQL database share.</summary>
internal sealed record SqlLoad(
    SqlLedger Ledger, SqlDialect Dialect, LoadTarget Target, LoadSpec Spec, LoadStamp Stamp, Func<CancellationToken, Task<TableState>> Look);

using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.SnowflakeServer.Catalog;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.SnowflakeServer.Sessions;

/// <summary>What all statements of a server share.</summary>
internal sealed record ServerParts(
    SnowflakeStandInOptions Options, SnowflakeCatalog Catalog, SnowflakeAccount Account, S3Objects Objects, TestControls Controls);

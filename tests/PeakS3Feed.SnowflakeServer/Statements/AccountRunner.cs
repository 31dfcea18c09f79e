using System.Globalization;
using System.IO.Enumeration;
using Amazon.S3;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.SnowflakeServer.Copy;
using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.TestServers.Snowflake;

namespace PeakS3Feed.SnowflakeServer.Statements;

/// <summary>Runs SHOW WAREHOUSES, DESC STAGE and LIST.</summary>
internal static class AccountRunner
{
    private static readonly string[] WarehouseColumns =
    [
        "name", "state", "type", "size", "min_cluster_count", "max_cluster_count", "started_clusters", "running", "queued", "is_default",
        "is_current", "auto_suspend", "auto_resume", "available", "provisioning", "quiescing", "other", "owner", "comment",
    ];

    private static readonly string[] StageColumns = ["parent_property", "property", "property_type", "property_value", "property_default"];

    private static readonly string[] FileColumns = ["name", "size", "md5", "last_modified"];

    public static SnowflakeResult Show(StatementSession session, ShowStatement show)
    {
        var pattern = show.Pattern.Replace('_', '?').Replace('%', '*');
        var found = session.Parts.Account.Warehouses.Where(w => FileSystemName.MatchesSimpleExpression(pattern, w.Name, ignoreCase: true));
        return SnowflakeResult.FromTexts(WarehouseColumns, [.. found.Select(w => Row(w, session.Request.Warehouse))]);
    }

    public static async Task<SnowflakeResult> RunAsync(StatementSession session, StageStatement statement, CancellationToken ct)
    {
        var stage = session.Parts.Account.FindStage(statement.Location, session.Scope);
        if (!statement.IsList)
        {
            return SnowflakeResult.FromTexts(StageColumns,
            [
                ["STAGE_LOCATION", "URL", "String", $"[\"{stage.Url}\"]", ""],
                ["STAGE_INTEGRATION", "STORAGE_INTEGRATION", "String", stage.Integration, ""],
            ]);
        }
        CopyFiles.CheckIntegration(stage);
        try
        {
            var objects = await session.Parts.Objects.ListAsync(stage.Bucket, stage.Prefix + statement.Location.Path, ct);
            return SnowflakeResult.FromTexts(FileColumns, [.. objects.Select(o => (IReadOnlyList<string?>)
            [
                $"s3://{stage.Bucket}/{o.Key}", Number(o.Size ?? 0), o.ETag.Trim('"'),
                (o.LastModified ?? default).ToUniversalTime().ToString("R", CultureInfo.InvariantCulture),
            ])]);
        }
        catch (AmazonS3Exception e)
        {
            throw CopyFiles.Refusal(e, stage.Url);
        }
    }

    private static IReadOnlyList<string?> Row(SnowflakeWarehouse warehouse, string? current) =>
    [
        warehouse.Name, warehouse.State, "STANDARD", warehouse.Size, "1", "1", warehouse.State is "STARTED" ? "1" : "0", "0", "0", "N",
        warehouse.Name == current ? "Y" : "N", warehouse.AutoSuspend == 0 ? null : Number(warehouse.AutoSuspend),
        warehouse.AutoResume ? "true" : "false", warehouse.State is "STARTED" ? "100" : "", "", "", "", "SYSADMIN", "",
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

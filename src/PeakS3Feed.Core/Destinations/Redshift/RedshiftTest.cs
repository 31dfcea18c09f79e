using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Tests whether a load into Redshift would work.</summary>
internal sealed class RedshiftTest(RedshiftDestination definition, RedshiftChannels channels, WarehouseParts parts)
    : WarehouseTest(parts, definition.StagingConnection, channels.Location)
{
    private readonly WarehouseParts _parts = parts;
    private readonly RedshiftDestination _definition = definition;
    private readonly RedshiftChannels _channels = channels;
    private IRedshiftChannel? _channel;

    protected override IReadOnlyList<string> Files => [Folder + FileName, ManifestName];

    private string ManifestName => $"{Folder}{Name}.manifest";

    protected override async IAsyncEnumerable<DestinationCheck> RunStepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var login = _definition.Host is null
            ? "Check the database, the workgroup or cluster, and the AWS credentials."
            : "Check host, port, database and login.";
        yield return await TryAsync("Connect", ConnectAsync, login, cancellationToken);
        if (Channel is not null)
        {
            var grant = $"Create schema \"{_definition.Schema}\" unless it exists, and grant the database user USAGE and CREATE on it.";
            yield return await CreateTableAsync($"\"{_definition.Schema}\"", grant, cancellationToken);
        }
        await foreach (var check in StageAsync(cancellationToken))
            yield return check;
        if (IsCreated && Staged is not null)
        {
            var role = $"The role {_definition.IamRole ?? "of the warehouse (its default role)"} must be attached to the warehouse "
                + "and may read the staged files.";
            yield return await CopyAsync(CopyStagedAsync, $"with {_definition.IamRole ?? "the default role"}", role, cancellationToken);
        }
        if (Staged is not null)
            yield return await DeleteStagedAsync(cancellationToken);
    }

    protected override Exception Translate(Exception exception) => _channels.Errors.Translate(exception);

    protected override IReadOnlyList<Remedy> GetRemedies(FeedException error)
        => error.Id == "DestinationCallDenied" ? [Remedy.DestinationPolicy(_definition.Name, "DataApi")] : error.Remedies;

    private async Task<string> ConnectAsync(CancellationToken cancellationToken)
    {
        var channel = await _channels.OpenAsync(Name, cancellationToken);
        try
        {
            var row = await channel.QueryAsync(new("SELECT version(), current_user"), cancellationToken).SingleAsync(cancellationToken);
            Channel = _channel = channel;
            var security = _definition.Host is null ? "HTTPS" : $"SslMode {_definition.SslMode}";
            return $"{Version(row[0] ?? "")} as {row[1]}, {security}";
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    // PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC …, Redshift 1.0.12345
    private static string Version(string version)
        => version.Split(", ").FirstOrDefault(p => p.StartsWith("Redshift", StringComparison.Ordinal)) ?? version;

    private async Task CopyStagedAsync(CancellationToken cancellationToken)
    {
        await CopyManifest.WriteAsync(_parts.Area, ManifestName, [Staged!], cancellationToken);
        var copy = new RedshiftCopy(_channel!, _parts, _definition, _channels.Errors)
            .CreateCopy(Name, ["id", "name"], ManifestName, NullToken.Create().Text);
        await _channel!.ExecuteAsync(new(copy), cancellationToken);
    }
}

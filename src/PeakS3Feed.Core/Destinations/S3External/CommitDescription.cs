using System.Text.Encodings.Web;
using System.Text.Json;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Describes the commit of a load for the history of a table (<c>DESCRIBE HISTORY</c>), with the parameters and metrics that Spark gives to the same
/// operation. Values of parameters are JSON or plain text.
/// </summary>
internal static class CommitDescription
{
    // Names may have any letters. History readers show them as they are.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Describes a commit.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="feed">The name of the feed.</param>
    /// <param name="partitions">The partition columns of the table.</param>
    /// <param name="work">The files of the commit.</param>
    public static DeltaCommitInfo Create(LoadCommit commit, string feed, IReadOnlyList<string> partitions, PreparedFiles work)
    {
        var spec = commit.Order.Spec;
        var own = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["feed"] = feed,
            ["run"] = commit.Order.Holder.RunId.ToString("D"),
            ["load"] = commit.Load?.LoadId ?? "",
        };
        return spec switch
        {
            { Mode: LoadMode.Upsert } => Merge(spec.Key, "update"),
            // Rows of earlier versions of changed objects go, and those of the load come. Without such rows it is an append.
            { Mode: LoadMode.Append } when work.Removed.Count > 0 => Merge([AuditColumn.FileName.Name], "delete"),
            _ => Write(spec.Mode == LoadMode.Replace ? "Overwrite" : "Append"),
        };

        DeltaCommitInfo Merge(IReadOnlyList<string> key, string matched) => new("MERGE")
        {
            Parameters = With(
                own, ("predicate", Predicate(key)), ("matchedPredicates", Actions(matched)), ("notMatchedPredicates", Actions("insert"))),
            Metrics = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["numSourceRows"] = commit.Load?.Rows ?? 0,
                ["numOutputRows"] = work.Merged.Added.Sum(f => f.Info.Rows),
                ["numTargetRowsCopied"] = work.Merged.Added.Where(f => !f.IsNew).Sum(f => f.Info.Rows),
                ["numTargetFilesAdded"] = work.Added.Count,
                ["numTargetFilesRemoved"] = work.Removed.Count,
            },
        };

        DeltaCommitInfo Write(string mode) => new("WRITE")
        {
            Parameters = With(own, ("mode", mode), ("partitionBy", JsonSerializer.Serialize(partitions, Plain))),
            Metrics = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["numFiles"] = work.Added.Count,
                ["numRemovedFiles"] = work.Removed.Count,
                ["numOutputRows"] = work.Merged.Added.Sum(f => f.Info.Rows),
                ["numOutputBytes"] = work.Added.Sum(f => f.Size),
            },
        };
    }

    private static Dictionary<string, string> With(Dictionary<string, string> own, params (string Name, string Value)[] parameters)
        => new(parameters.Select(p => KeyValuePair.Create(p.Name, p.Value)).Concat(own), StringComparer.Ordinal);

    private static string Predicate(IReadOnlyList<string> key)
    {
        var equal = key.Select(k => Quote(k)).Select(k => $"(target.{k} = source.{k})").ToList();
        return equal.Count == 1 ? equal[0] : $"({string.Join(" AND ", equal)})";
    }

    private static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Actions(string type) => $"[{{\"actionType\":\"{type}\"}}]";
}

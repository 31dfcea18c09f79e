using System.Text.Json;

namespace PeakS3Feed.Bench.Data;

/// <summary>The data on disk. A complete file is used again; a summary beside it, which is written last, marks it as complete.</summary>
internal sealed class DataFolder(string home)
{
    private const string Version = "1";

    public string Root { get; } = Directory.CreateDirectory(Path.Combine(home, "data-" + Version)).FullName;

    /// <summary>The plain file.</summary>
    public string Plain(DataSet set) => Path.Combine(Root, set.Name, set.FileName);

    /// <summary>The compressed file.</summary>
    public string Packed(DataSet set) => Path.Combine(Root, set.Name + "-gz", set.FileName + ".gz");

    /// <summary>Creates the file, unless it exists.</summary>
    public async Task<FileSummary> MakeAsync(DataSet set)
    {
        if (Read(set) is { } there)
            return there;
        var rowLimit = set.RowsOf is { } other ? (await MakeAsync(DataSet.Find(other))).Rows : long.MaxValue;
        await Console.Error.WriteLineAsync($"making {set.Name} …");
        var summary = await new DataWriter(set, rowLimit).WriteAsync(Place(Plain(set)), set.Packed ? Place(Packed(set)) : null);
        await File.WriteAllTextAsync(SummaryPath(set), JsonSerializer.Serialize(summary));
        return summary;
    }

    private FileSummary? Read(DataSet set)
    {
        if (!File.Exists(SummaryPath(set)))
            return null;
        var summary = JsonSerializer.Deserialize<FileSummary>(File.ReadAllText(SummaryPath(set)))!;
        var whole = Length(Plain(set)) == summary.Bytes && (!set.Packed || Length(Packed(set)) == summary.PackedBytes);
        return whole ? summary : null;
    }

    private string SummaryPath(DataSet set) => Path.Combine(Root, set.Name + ".json");

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : -1;

    private static string Place(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}

using System.Globalization;
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

    /// <summary>Creates a folder with the rows of a set in several compressed files, unless it exists. Returns the folder.</summary>
    public async Task<string> SplitAsync(DataSet set, int files)
    {
        var rows = (await MakeAsync(set)).Rows;
        var folder = Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{set.Name}-gz-{files}"));
        var complete = folder + ".complete";
        if (File.Exists(complete))
            return folder;
        for (var i = 0; i < files; i++)
        {
            var first = rows * i / files;
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rows-{i}.csv.gz"));
            var plain = Place(path[..^3]);
            await new DataWriter(set with { Bytes = null }, (rows * (i + 1) / files) - first, first).WriteAsync(plain, path);
            File.Delete(plain);
        }
        await File.WriteAllTextAsync(complete, "");
        return folder;
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

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

    /// <summary>Creates a folder with the rows of a set in several files, unless it exists. Returns the folder.</summary>
    /// <param name="set">The set.</param>
    /// <param name="files">How many files.</param>
    /// <param name="packed">Whether they are compressed.</param>
    public async Task<string> SplitAsync(DataSet set, int files, bool packed = true)
    {
        var rows = (await MakeAsync(set)).Rows;
        var folder = Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{set.Name}{(packed ? "-gz" : "")}-{files}"));
        var complete = folder + ".complete";
        if (File.Exists(complete))
            return folder;
        for (var i = 0; i < files; i++)
        {
            var first = rows * i / files;
            var plain = Place(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rows-{i}.csv")));
            await new DataWriter(set with { Bytes = null }, (rows * (i + 1) / files) - first, first).WriteAsync(plain, packed ? plain + ".gz" : null);
            if (packed)
                File.Delete(plain);
        }
        await File.WriteAllTextAsync(complete, "");
        return folder;
    }

    /// <summary>Creates a folder with a file of some rows of a set, unless it exists. Returns the name of the folder.</summary>
    /// <param name="set">The set.</param>
    /// <param name="name">What the rows are, for the name of the folder.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="step">The difference between the numbers of two rows.</param>
    public async Task<string> PickAsync(DataSet set, string name, long rows, long first, long step)
    {
        var folder = $"{set.Name}-{name}";
        var complete = Path.Combine(Root, folder + ".complete");
        if (File.Exists(complete))
            return folder;
        await new DataWriter(set with { Bytes = null }, rows, first, step).WriteAsync(Place(Path.Combine(Root, folder, set.FileName)), packedPath: null);
        await File.WriteAllTextAsync(complete, "");
        return folder;
    }

    /// <summary>Creates a folder with a number of files of one row each, unless it exists. Returns the name of the folder.</summary>
    public async Task<string> MakeTinyAsync(DataSet set, int files, long first)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"{set.Name}-tiny-{files}");
        var complete = Path.Combine(Root, folder + ".complete");
        if (File.Exists(complete))
            return folder;
        for (var i = 0; i < files; i++)
        {
            var path = Path.Combine(Root, folder, string.Create(CultureInfo.InvariantCulture, $"{i:D6}.csv"));
            await new DataWriter(set with { Bytes = null }, 1, first + i).WriteAsync(Place(path), packedPath: null);
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

using System.Globalization;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Bench.S3;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Folders of many CSV files that have one row each: rows cost little there, and files much.</summary>
internal static class OneRowFiles
{
    /// <summary>Writes the files that are missing, and returns the name of the folder.</summary>
    /// <param name="data">The folder of the benchmark's data.</param>
    /// <param name="count">The number of files.</param>
    public static string Write(DataFolder data, int count)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"objects-{count}");
        var folder = Path.Combine(data.Root, name);
        Directory.CreateDirectory(folder);
        var objects = new SmallObjects(count, rowsEach: 1);
        for (var i = Directory.GetFiles(folder).Length; i < count; i++)
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(SmallObjects.Key(i))), objects.Content(i));
        return name;
    }

    /// <summary>Describes a run that loads the files.</summary>
    public static string Describe(int count)
        => string.Create(CultureInfo.InvariantCulture, $"peaks3feed run, {count:N0} source object{(count == 1 ? "" : "s")}");
}

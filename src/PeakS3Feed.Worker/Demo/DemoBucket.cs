using System.IO.Compression;

namespace PeakS3Feed.Worker.Demo;

/// <summary>The folder that stands in for the bucket, and the deliveries of its producers.</summary>
internal sealed class DemoBucket(string folder, SampleData samples)
{
    /// <summary>Writes the first files. Each file has the date on which its data was complete.</summary>
    public void Fill()
    {
        foreach (var year in new[] { 2012, 2013 })
            AddWeather(year);
        foreach (var key in samples.Keys("airports"))
            Copy(key, new DateTime(2014, 6, 1, 4, 0, 0, DateTimeKind.Utc));
        foreach (var key in samples.Keys("zipcodes"))
            Copy(key, new DateTime(2017, 3, 1, 4, 0, 0, DateTimeKind.Utc));
    }

    /// <summary>Delivers a year of both cities.</summary>
    public void AddWeather(int year)
    {
        foreach (var key in samples.Keys("weather").Where(k => k.EndsWith($"-{year}.csv", StringComparison.Ordinal)))
            Copy(key, new DateTime(year + 1, 1, 2, 4, 0, 0, DateTimeKind.Utc));
    }

    /// <summary>Delivers a file of corrections: a renamed airport and a new one.</summary>
    public void CorrectAirports() => Write(
        "airports/corrections.csv",
        """
        iata,name,city,state,country,latitude,longitude
        LAS,Harry Reid International,Las Vegas,NV,USA,36.08036111,-115.1523333
        XWA,Williston Basin International,Williston,ND,USA,48.25833333,-103.74861111

        """);

    /// <summary>Replaces one of the gzipped files with a version that has one more zip code.</summary>
    public void ExtendZipcodes()
    {
        const string Key = "zipcodes/zip-8.csv.gz";
        using var rows = new MemoryStream();
        using (var old = new GZipStream(File.OpenRead(PathOf(Key)), CompressionMode.Decompress))
            old.CopyTo(rows);
        rows.Write("84009,40.551330,-112.006030,South Jordan,UT,Salt Lake\n"u8);
        rows.Position = 0;
        using var compressed = new GZipStream(File.Create(PathOf(Key)), CompressionLevel.Optimal);
        rows.CopyTo(compressed);
    }

    /// <summary>Writes a word in place of a number.</summary>
    public string Break(string key, int line, string column, string word)
    {
        var lines = File.ReadAllLines(samples.PathOf(key));
        var fields = lines[line - 1].Split(',');
        fields[Array.IndexOf(lines[0].Split(','), column)] = word;
        lines[line - 1] = string.Join(',', fields);
        Write(key, string.Join('\n', lines) + "\n");
        return key;
    }

    private string PathOf(string key) => Path.Combine(folder, key);

    private void Copy(string key, DateTime modified)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(key))!);
        File.Copy(samples.PathOf(key), PathOf(key), overwrite: true);
        File.SetLastWriteTimeUtc(PathOf(key), modified);
    }

    private void Write(string key, string text) => File.WriteAllText(PathOf(key), text.ReplaceLineEndings("\n"));
}

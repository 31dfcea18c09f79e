namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>The folder of a golden table: <c>table</c>, and <c>expected.json</c>.</summary>
internal static class GoldenTableFolder
{
    public const string Table = "table";
    public const string Expected = "expected.json";

    private const string Ledger = "_peaks3feed";
    private const string Manifest = "_spectrum_manifest/manifest";

    /// <summary>The place that the manifest of a golden table names instead of the folder that it was made in.</summary>
    public const string Place = "s3://lake/tables/orders/";

    /// <summary>
    /// Replaces a golden table. The ledger is left out: it names the machine that made it, and readers of Delta tables do not read it.
    /// </summary>
    /// <param name="folder">The folder of the golden table.</param>
    /// <param name="made">The folder of the table that was made now.</param>
    /// <param name="expected">What is in it.</param>
    public static void Replace(string folder, string made, GoldenTable expected)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        var table = Path.Combine(folder, Table);
        foreach (var file in Directory.EnumerateFiles(made, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(made, file);
            if (name.Split(Path.DirectorySeparatorChar)[0] == Ledger)
                continue;
            var to = Path.Combine(table, name);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        var manifest = Path.Combine(table, Manifest);
        if (File.Exists(manifest))
            File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(new Uri(made + "/").AbsoluteUri, Place, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(folder, Expected), expected.ToJson());
    }
}

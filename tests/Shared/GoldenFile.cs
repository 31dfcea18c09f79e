namespace PeakS3Feed.Testing;

/// <summary>
/// Text that the product writes, kept whole in tests/Fixtures. A change of it shows as a difference of a file under version control.
/// With <c>PEAKS3FEED_GOLDEN=1</c> in the environment a test writes a file that differs, and fails all the same, so that the variable
/// cannot hide a difference.
/// </summary>
internal static class GoldenFile
{
    private static readonly bool Writes = Environment.GetEnvironmentVariable("PEAKS3FEED_GOLDEN") == "1";

    /// <summary>Compares text with a file, whose name is given from tests/Fixtures with <c>/</c> between names. Line ends are LF in both.</summary>
    public static void Compare(string name, string text)
    {
        var path = Repository.PathOf($"tests/Fixtures/{name}");
        text = text.ReplaceLineEndings("\n");
        var kept = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (Writes && kept != text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(kept == text, $"tests/Fixtures/{name} differs from what is written now{(Writes ? "; it was replaced. Review the difference." : "")}:\n{Difference(kept, text)}");
    }

    private static string Difference(string kept, string text)
    {
        var (before, now) = (kept.Split('\n'), text.Split('\n'));
        var line = 0;
        while (line < Math.Min(before.Length, now.Length) && before[line] == now[line])
            line++;
        return $"line {line + 1}\n- {before.ElementAtOrDefault(line)}\n+ {now.ElementAtOrDefault(line)}\n\n{text}";
    }
}

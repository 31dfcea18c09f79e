using PeakS3Feed.Formats;
using PeakS3Feed.Fuzz.Oracles;

namespace PeakS3Feed.Fuzz.Checks;

/// <summary>Reads a case in different pieces, and compares what comes out with each other, with what it was written as and with the oracle.</summary>
internal static class ReadCheck
{
    private const int SmallFile = 8 * 1024;

    /// <summary>What was read, and whether the gzip data is broken.</summary>
    public static async Task<(Transcript Read, bool IsBroken)> RunAsync(FuzzCase c)
    {
        var content = GzipOracle.Content(c.Stored);
        FuzzFailure.Unless(c.Intact is null || (content is not null && content.AsSpan().SequenceEqual(c.Intact)), () => "the gzip oracle itself does not read the file");
        var chunks = c.Dice.Chunks();
        var first = await ProductReader.ReadAsync(() => ProductReader.OpenAsync(c, chunks));
        ErrorCheck.Check(first.Error, c.Source.Uri);
        // Small files are read more often: which bytes stand at a border is a matter of luck.
        for (var times = c.Stored.Length < SmallFile ? 5 : 1; times > 0; times--)
        {
            var (small, buffer) = (c.Dice.Chunks(), c.Dice.Pick(16, 64, 256, 4096));
            var again = await ProductReader.ReadAsync(() => ProductReader.OpenSmallAsync(c, small, buffer, first.Separator));
            ErrorCheck.Check(again.Error, c.Source.Uri);
            var pieces = $"in pieces of {string.Join(',', chunks)} and of {string.Join(',', small)} over {buffer}";
            if (content is null)
                RequireErrors(first, again, pieces);
            else
                Compare(first, again, pieces);
        }

        if (content is not null)
            CompareWithText(c, content, first);
        return (first, content is null);
    }

    private static void Compare(Transcript a, Transcript b, string pieces)
    {
        RequireSame(a.Entries, b.Entries, pieces);
        FuzzFailure.Unless(a.Entries.Zip(b.Entries).All(p => p.First.Complaint == p.Second.Complaint && p.First.Field == p.Second.Field), () => "the reasons differ " + pieces);
        // Of a file in another encoding, the names that a feed gives are known only where no separator was looked for.
        FuzzFailure.Unless(a.Error?.Id == "EncodingDiffers" || a.Fields.SequenceEqual(b.Fields), () => "the fields differ " + pieces);
        var (first, second) = (ErrorCheck.Describe(a.Error), ErrorCheck.Describe(b.Error));
        FuzzFailure.Unless(first == second, () => $"{first}, but {second} {pieces}");
    }

    // How far a broken file gets before it is seen to be broken, what zlib makes of it until then and which of the two errors it is depends
    // on the pieces. That it is seen does not.
    private static void RequireErrors(Transcript a, Transcript b, string pieces)
        => FuzzFailure.Unless(
            a.Error is not null && b.Error is not null,
            () => $"broken gzip data passes: {ErrorCheck.Describe(a.Error)}, {ErrorCheck.Describe(b.Error)} {pieces}");

    // A file that is not UTF-8 is held against the oracle of its text.
    private static void CompareWithText(FuzzCase c, byte[] content, Transcript read)
    {
        var isOther = c.Encoding != FileEncoding.Utf8 && read.Error?.Id == "EncodingDiffers";
        var text = c.Encoding == FileEncoding.Utf8 ? null : TextOracle.Decode(content, c.Encoding);
        FuzzFailure.Unless(
            c.Encoding == FileEncoding.Utf8 || isOther == text is null || (isOther && c.Constructed is null && HasManyNuls(content)),
            () => $"{ErrorCheck.Describe(read.Error)}, and {(text is null ? "another" : "no other")} encoding was expected");
        if (!isOther)
            CompareWithOracle(c, text?.Utf8 ?? content, text?.Relocate(read) ?? read);
    }

    private static void CompareWithOracle(FuzzCase c, byte[] content, Transcript read)
    {
        if (c.Encoding == FileEncoding.Utf8 && IsForeign(content, read))
        {
            FuzzFailure.Unless(read.Error?.Id == "EncodingNotUtf8" && read.Entries.Count == 0, () => $"UTF-16 or UTF-32 is read: {ErrorCheck.Describe(read.Error)}");
            FuzzFailure.Unless(c.Constructed is null, () => "UTF-8 is taken for something else");
            return;
        }

        if (c.Constructed is { } constructed)
            Require(c, constructed, read, "written");
        var expected = c.Type switch
        {
            FileType.Csv => CsvOracle.Read(content, c.Csv, read.Separator!),
            FileType.Ndjson => NdjsonOracle.Read(content),
            _ => JsonArrayOracle.Read(content),
        };
        if (expected is not null)
        {
            Require(c, expected, read, "expected");
            return;
        }

        JsonArrayOracle.RequirePrefix(content, read.Entries);
        FuzzFailure.Unless(
            read.Error?.Id == JsonArrayOracle.ErrorOf(content) || read.Error?.Id == "JsonTooManyFields" || (read.Error?.Id == "JsonRowTooLong" && content.Length > RecordReader.MaxRowBytes),
            () => $"{ErrorCheck.Describe(read.Error)}, expected {JsonArrayOracle.ErrorOf(content)}");
    }

    private static void Require(FuzzCase c, Expectation expected, Transcript read, string how)
    {
        RequireSame(expected.Entries, read.Entries, $"{how} and read");
        FuzzFailure.Unless(
            expected.Entries.Zip(read.Entries).All(p => p.First.Complaint is not { } word || p.Second.Complaint!.Contains(word == "UTF-8" ? TextOracle.Name(c.Encoding) : word, StringComparison.Ordinal)),
            () => $"a reason is not the one that was {how}");
        FuzzFailure.Unless(
            expected.Fields.SequenceEqual(read.Fields) || (read.Error is not null && read.Entries.Count == 0),
            () => $"fields {string.Join('/', read.Fields)}, {how} {string.Join('/', expected.Fields)}");
        FuzzFailure.Unless(
            expected.ErrorId == read.Error?.Id
                && (expected.ErrorLine == 0 || expected.ErrorLine == read.Error!.Position!.Line)
                && (expected.ErrorOffset < 0 || expected.ErrorOffset == read.Error!.Position!.ByteOffset),
            () => $"{ErrorCheck.Describe(read.Error)}, {how} {expected.ErrorId ?? "no error"} at line {expected.ErrorLine}, byte {expected.ErrorOffset}");
    }

    private static void RequireSame(IReadOnlyList<Entry> expected, IReadOnlyList<Entry> read, string how)
    {
        for (var i = 0; i < Math.Max(expected.Count, read.Count); i++)
        {
            var (e, r) = (expected.ElementAtOrDefault(i), read.ElementAtOrDefault(i));
            FuzzFailure.Unless(e is not null && r is not null && e.Same(r), () => $"entry {i} differs, {how}: {e?.ToString() ?? "none"}; and {r?.ToString() ?? "none"}");
        }
    }

    // A byte order mark tells. Without one it is a guess by NULs, for which there must be cause.
    private static bool IsForeign(byte[] content, Transcript read)
    {
        if (content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..])
            return true;
        return read.Error?.Id == "EncodingNotUtf8" && HasManyNuls(content);
    }

    private static bool HasManyNuls(byte[] content)
    {
        var start = content.AsSpan(0, Math.Min(64, content.Length));
        return start.Length >= 8 && start.Count((byte)0) * 3 >= start.Length;
    }
}

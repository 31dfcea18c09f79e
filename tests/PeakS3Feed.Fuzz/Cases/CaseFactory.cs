using System.Text;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Makes the case of a seed.</summary>
internal static class CaseFactory
{
    /// <param name="seed">The seed.</param>
    /// <param name="format">csv, json, ndjson or gzip; null for any.</param>
    public static FuzzCase Make(ulong seed, string? format)
    {
        var dice = new Dice(seed);
        var type = dice.Pick(FileType.Csv, FileType.Csv, FileType.Json, FileType.Ndjson);
        if (format is not null and not "gzip")
            type = Enum.Parse<FileType>(format, ignoreCase: true);
        var csv = Dialects.Any(dice);
        var isGzip = dice.OneIn(4) || format == "gzip";
        var encoding = dice.OneIn(4) ? dice.Pick(FileEncoding.Windows1252, FileEncoding.Latin1, FileEncoding.Utf16, FileEncoding.Utf16) : FileEncoding.Utf8;
        if (dice.OneIn(3))
        {
            var (content, expected) = Write(type, csv, dice);
            var encoded = encoding == FileEncoding.Utf8 ? content : TextEncoder.Encode(content, encoding, dice);
            return Stored(seed, type, csv, encoded is null ? FileEncoding.Utf8 : encoding, encoded ?? content, expected, isGzip, "written", dice);
        }

        var (mutated, story) = Mutated(type, csv, encoding, dice);
        // The detected separator is whichever it is: the oracle takes the reader's word for it.
        csv = dice.OneIn(6) ? csv with { Separator = null } : csv;
        return Stored(seed, type, csv, encoding, mutated, null, isGzip, story, dice);
    }

    private static (byte[] Content, Expectation Expected) Write(FileType type, CsvOptions csv, Dice dice)
        => type == FileType.Csv ? CsvCases.Write(csv, dice) : JsonCases.Write(type == FileType.Json, dice);

    private static (byte[] Content, string Story) Mutated(FileType type, CsvOptions csv, FileEncoding encoding, Dice dice)
    {
        var content = Encoded(dice.OneIn(2) ? NastyFiles.Any(type, dice) : Write(type, csv, dice).Content, encoding, dice);
        var other = Encoded(dice.OneIn(2) ? NastyFiles.Any(type, dice) : Write(type, csv, dice).Content, encoding, dice);
        if (dice.OneIn(60))
            return (dice.Pick(Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32).GetBytes((dice.OneIn(2) ? "\uFEFF" : "") + Encoding.UTF8.GetString(content)), "in another encoding");
        return dice.OneIn(12) ? (content, "as it is") : (Mutator.Mutate(content, other, dice), "mutated");
    }

    // What the encoding cannot write stays UTF-8, and is read as what it is not.
    private static byte[] Encoded(byte[] content, FileEncoding encoding, Dice dice)
        => encoding == FileEncoding.Utf8 ? content : TextEncoder.Encode(content, encoding, dice) ?? content;

    private static FuzzCase Stored(
        ulong seed, FileType type, CsvOptions csv, FileEncoding encoding, byte[] content, Expectation? expected, bool isGzip, string story, Dice dice)
    {
        if (!isGzip)
            return new FuzzCase(seed, type, csv, encoding, content, expected, null, story, dice);
        var packed = Packing.Pack(content, dice);
        if (dice.OneIn(2))
            return new FuzzCase(seed, type, csv, encoding, packed, expected, IsGzip(content) ? null : content, story + ", packed", dice);
        var damaged = packed;
        for (var times = dice.Between(1, 2); times > 0; times--)
            damaged = Mutator.Damage(damaged, dice);
        return new FuzzCase(seed, type, csv, encoding, damaged, null, null, story + ", packed and damaged", dice);
    }

    private static bool IsGzip(byte[] content) => content is [0x1F] or [0x1F, 0x8B, ..];
}

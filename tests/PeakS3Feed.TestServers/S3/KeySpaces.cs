using System.Buffers.Binary;
using System.Globalization;

namespace PeakS3Feed.TestServers.S3;

/// <summary>Keys of many objects, each made from its number, in the order of their bytes. Their objects have no content.</summary>
public static class KeySpaces
{
    /// <summary>The prefix of all keys.</summary>
    public const string Prefix = "in/";

    /// <summary>The size of an object.</summary>
    public const int ObjectBytes = 120;

    private const int SecondsApart = 31;

    private static readonly DateTimeOffset Written = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Keys in folders of the same size, whose names are words: <c>in/kalomira/part-00017-9a0c4f11.csv</c>.</summary>
    public static Func<int, string> Folders(int count, int folders)
    {
        var words = Words(folders);
        var each = count / folders;
        return n => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{words[n / each]}/part-{n % each:D5}-{(uint)Mix(n):x8}.csv");
    }

    /// <summary>Keys in one folder, which begin with a time: <c>in/20250101T004200Z-9a0c4f11.csv</c>.</summary>
    public static Func<int, string> Flat() => n => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}{DateTime.UnixEpoch.AddYears(55).AddSeconds((long)n * SecondsApart):yyyyMMdd'T'HHmmss'Z'}-{(uint)Mix(n):x8}.csv");

    /// <summary>An object with a key of these.</summary>
    public static FakeObject Object(string key, int number) => new(key, ObjectBytes, ETag(number), Written, () => default);

    /// <summary>The entity tag of an object: as long as those of S3.</summary>
    public static string ETag(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Mix(number));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Mix(~number));
        return Convert.ToHexStringLower(bytes);
    }

    // Different words in the order of their bytes, of three to five syllables.
    private static string[] Words(int count)
    {
        const string Consonants = "bdfgklmnprstvz";
        const string Vowels = "aeiou";
        var words = new SortedSet<string>(StringComparer.Ordinal);
        for (var n = 0; words.Count < count; n++)
        {
            var mixed = Mix(n);
            var word = "";
            for (var syllables = 3 + (int)(mixed % 3); syllables > 0; syllables--)
            {
                mixed /= 11;
                word += $"{Consonants[(int)(mixed % 14)]}{Vowels[(int)(mixed / 14 % 5)]}";
                mixed /= 70;
            }
            words.Add(word);
        }
        return [.. words];
    }

    // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    private static ulong Mix(int number)
    {
        var z = ((ulong)(uint)number + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

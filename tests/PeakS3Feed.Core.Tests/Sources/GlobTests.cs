using System.Diagnostics;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

/// <summary>Patterns of any shape up to the length of a key, and what becomes of longer ones.</summary>
public sealed class GlobTests
{
    public static TheoryData<string, string> Longest { get; } = new()
    {
        { new string('a', 1024), new string('a', 1024) },
        { new string('?', 1024), new string('b', 1024) },
        { new string('ж', 512), new string('ж', 512) },
        { string.Concat(Enumerable.Repeat("a*", 512)), new string('a', 512) },
        { string.Concat(Enumerable.Repeat("**/", 341)), "x/y/z/" },
        { string.Concat(Enumerable.Repeat("?*", 512)), new string('x', 1024) },
        { string.Concat(Enumerable.Repeat("[!a]", 256)), new string('b', 256) },
        { string.Concat(Enumerable.Repeat("[a-z]", 204)), new string('q', 204) },
        { string.Concat(Enumerable.Repeat("*/", 511)) + "*", string.Concat(Enumerable.Repeat("d/", 511)) + "f" },
        { "{" + new string('{', 500) + new string('}', 500) + "}", "{" + new string('{', 500) + new string('}', 500) + "}" },
    };

    [Theory]
    [MemberData(nameof(Longest))]
    public void A_pattern_as_long_as_a_key_may_be_works(string pattern, string key)
    {
        var glob = new Glob(pattern);
        Assert.True(glob.IsMatch(key));
        Assert.False(glob.IsMatch(key + "/\n"));
        Assert.Empty(Problems(pattern));
    }

    [Theory]
    [InlineData(1025, "1,025")]
    [InlineData(2000, "2,000")]
    [InlineData(100_000, "100,000")]
    public void A_longer_one_is_refused_in_plain_words_when_the_feed_is_defined(int length, string shown)
    {
        var pattern = string.Concat(Enumerable.Repeat("a?", (length / 2) + 1))[..length];
        var error = Assert.Throws<FeedException>(() => new Glob(pattern));
        Assert.Equal("GlobInvalid", error.Id);
        Assert.Equal(
            $"The pattern of file names \"{pattern[..80]}…\" has {shown} bytes; patterns, like keys, have at most 1,024.", error.Message);
        Assert.Equal([error.Message], Problems(pattern));
    }

    [Fact]
    public void The_length_is_counted_in_bytes_as_that_of_a_key_is()
        => Assert.Contains("has 1,026 bytes", Assert.Throws<FeedException>(() => new Glob(new string('ж', 513))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("??.csv", "😀.csv", false)]
    [InlineData("[😀-😎].csv", "😃.csv", true)]
    [InlineData("[😀-😎].csv", "🚀.csv", false)]
    [InlineData("[!😀].csv", "🚀.csv", true)]
    [InlineData("[a-].csv", "-.csv", true)]
    [InlineData("[a-c-e].csv", "d.csv", false)]
    [InlineData("[\\d].csv", "1.csv", false)]
    [InlineData("[^a].csv", "b.csv", true)]
    public void A_character_is_a_whole_one(string pattern, string key, bool matches) => Assert.Equal(matches, new Glob(pattern).IsMatch(key));

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Any_pattern_matches_as_the_definition_says()
    {
        var random = new Random(13);
        for (var i = 0; i < 200_000; i++)
        {
            var pattern = Text(random, ["a", "b", "/", "?", "*", "**", "**/", "[ab]", "[!a]", "."], random.Next(1, 8));
            var key = Text(random, ["a", "b", "/", "."], random.Next(0, 10));
            Assert.True(Slow(pattern, 0, key, 0) == new Glob(pattern).IsMatch(key), $"{pattern} on {key}");
        }
    }

    [Fact]
    public void Many_stars_take_no_time_that_grows_with_their_number()
    {
        var key = new string('a', 1024);
        var started = Stopwatch.GetTimestamp();
        foreach (var pattern in new[] { string.Concat(Enumerable.Repeat("*a", 500)) + "b", string.Concat(Enumerable.Repeat("**a", 300)) + "b", "**" + string.Concat(Enumerable.Repeat("*a", 400)) + "b" })
            Assert.False(new Glob(pattern).IsMatch(key));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10), "a match takes time without bound");
    }

    private static IReadOnlyList<string> Problems(string pattern)
        => [.. FeedRules.Check(new S3Feed { Name = "orders", ConnectionName = "c", Include = [pattern] }, new S3Connection { Name = "c", BucketName = "bucket" }).Select(p => p.Message)];

    private static string Text(Random random, string[] parts, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => parts[random.Next(parts.Length)]));

    // The definition, tried out in every way there is.
    private static bool Slow(string pattern, int p, string key, int k)
    {
        if (p == pattern.Length)
            return k == key.Length;
        var stars = pattern.AsSpan(p).IndexOfAnyExcept('*') switch { -1 => pattern.Length - p, var n => n };
        if (stars == 1)
            return Enumerable.Range(k, key.Length - k + 1).TakeWhile(e => !key.AsSpan(k, e - k).Contains('/')).Any(e => Slow(pattern, p + 1, key, e));
        if (stars > 1 && (p == 0 || pattern[p - 1] == '/') && p + stars < pattern.Length && pattern[p + stars] == '/')
            return Enumerable.Range(k, key.Length - k + 1).Any(e => (e == k || key[e - 1] == '/') && Slow(pattern, p + stars + 1, key, e));
        if (stars > 1)
            return Enumerable.Range(k, key.Length - k + 1).Any(e => Slow(pattern, p + stars, key, e));
        if (k == key.Length)
            return false;
        var (fits, length) = pattern[p] switch
        {
            '?' => (key[k] != '/', 1),
            '[' when pattern[p + 1] == '!' => (key[k] is not ('/' or 'a'), 4),
            '[' => (key[k] is 'a' or 'b', 4),
            var c => (key[k] == c, 1),
        };
        return fits && Slow(pattern, p + length, key, k + 1);
    }
}

using PeakS3Feed.Destinations.Snowflake;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>Parameters by name, and text outside quotes.</summary>
public sealed class SnowflakeParametersTests
{
    [Theory]
    [InlineData("SELECT :a", "SELECT ?", "1")]
    [InlineData("SELECT :a, :b, :a", "SELECT ?, ?, ?", "1,2,1")]
    [InlineData("SELECT :ab", "SELECT ?", "3")]
    [InlineData("x=:a)", "x=?)", "1")]
    [InlineData("SELECT CAST(:a AS INTEGER), x::DATE, :a::DATE", "SELECT CAST(? AS INTEGER), x::DATE, ?::DATE", "1,1")]
    [InlineData("SELECT ':a', \":a\", $$:a$$", "SELECT ':a', \":a\", $$:a$$", "")]
    [InlineData("SELECT 'it''s :a', :a", "SELECT 'it''s :a', ?", "1")]
    [InlineData(@"SELECT 'it\'s :a', :a", @"SELECT 'it\'s :a', ?", "1")]
    [InlineData(@"SELECT '\\', :a", @"SELECT '\\', ?", "1")]
    [InlineData("SELECT \"a\"\":a\", :a", "SELECT \"a\"\":a\", ?", "1")]
    [InlineData(@"SELECT ""\"", :a", @"SELECT ""\"", ?", "1")]
    [InlineData("SELECT 1 -- :a\n, :a", "SELECT 1 -- :a\n, ?", "1")]
    [InlineData("SELECT /* :a */ :a", "SELECT /* :a */ ?", "1")]
    [InlineData("SELECT 3 - :a / :b", "SELECT 3 - ? / ?", "1,2")]
    [InlineData("SELECT ': :5 :", "SELECT ': :5 :", "")]
    [InlineData("SELECT : a, x[1:2]", "SELECT : a, x[1:2]", "")]
    public void Names_become_question_marks_outside_quotes(string sql, string expected, string values)
    {
        var (text, bound) = SnowflakeParameters.Bind(sql, [("a", "1"), ("b", "2"), ("ab", "3")]);
        Assert.Equal(expected, text);
        Assert.Equal(values, string.Join(',', bound));
    }

    [Fact]
    public void A_statement_without_values_stays_as_it_is()
        => Assert.Equal(("SELECT :x", []), SnowflakeParameters.Bind("SELECT :x", []));

    [Fact]
    public void A_parameter_without_a_value_is_an_error()
        => Assert.Throws<ArgumentException>(() => SnowflakeParameters.Bind("SELECT :c", [("a", "1")]));

    [Theory]
    [InlineData("a\n  b", "a b")]
    [InlineData("  a\r\n\tb  ", "a b")]
    [InlineData("a 'x\n  y' b", "a 'x\n  y' b")]
    [InlineData("a \"x\n  y\" b", "a \"x\n  y\" b")]
    [InlineData("a -- c\nb", "a b")]
    [InlineData("a /* c\nd */ b", "a b")]
    [InlineData("a - b / c", "a - b / c")]
    public void A_statement_is_one_line_outside_quotes(string sql, string line) => Assert.Equal(line, SqlText.ToLine(sql));

    [Theory]
    [InlineData("a", "'a'")]
    [InlineData("it's", "'it''s'")]
    [InlineData(@"a\b", @"'a\\b'")]
    [InlineData(@"\'", @"'\\'''")]
    public void A_literal_escapes_quotes_and_backslashes(string text, string literal)
    {
        Assert.Equal(literal, SnowflakeText.Literal(text));
        Assert.Equal(literal.Length, SqlText.SkipQuoted(literal, 0));
    }
}

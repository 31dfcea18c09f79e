using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Cells;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Rows;

namespace PeakS3Feed.Tests.Schemas;

/// <summary>Numbers with other separators and booleans with other texts, held against a plain statement of their rules.</summary>
public class ValueFormatTests
{
    private static readonly (char Decimal, char? Group)[] Separators = [(',', '.'), (',', null), ('.', ','), (',', ' '), (',', '\u00A0'), ('.', '\''), ('٫', '٬')];

    private static readonly FeedColumn[] NumberColumns =
        [Assembly.Column("c", ColumnType.BigInt), Assembly.Column("c", ColumnType.Decimal, 3), Assembly.Column("c", ColumnType.Decimal), Assembly.Column("c", ColumnType.Double)];

    [Theory]
    [InlineData(',', '.', "1.234,5", "1234.5")]
    [InlineData(',', '.', "-1.234.567", "-1234567")]
    [InlineData(',', '.', "123.456", "123456")]
    [InlineData(',', '.', "1234,5", "1234.5")] // groups are not required
    [InlineData(',', '.', "0,5", "0.5")]
    [InlineData(',', '.', "1.234,5e-7", "1234.5e-7")]
    [InlineData(',', '.', "1234.567", null)] // but where there is one, there are all
    [InlineData(',', '.', "1.2345", null)]
    [InlineData(',', '.', "1.23", null)]
    [InlineData(',', '.', "1..234", null)]
    [InlineData(',', '.', ".234", null)]
    [InlineData(',', '.', "1.234.", null)]
    [InlineData(',', '.', "1,234.567", null)] // no groups in a fraction
    [InlineData(',', '.', "0.123", null)]
    [InlineData(',', '.', "1,", null)]
    [InlineData(',', '.', ",5", null)]
    [InlineData(',', '.', "1,2,3", null)]
    [InlineData(',', '.', "+1,5", null)]
    [InlineData(',', null, "1,5", "1.5")]
    [InlineData(',', null, "1.5", null)]
    [InlineData(',', null, "1.234", null)]
    [InlineData('.', ',', "1,234.5", "1234.5")]
    [InlineData('.', '\'', "1'234.5", "1234.5")]
    [InlineData(',', '\u00A0', "1\u00A0234,5", "1234.5")]
    [InlineData(',', '\u00A0', "1 234,5", null)] // another blank than the one that was given
    public void A_number_has_the_separators_that_are_given_and_no_others(char point, char? group, string text, string? plain)
    {
        foreach (var column in NumberColumns)
            Assert.Equal(plain is null ? null : Append(column, plain, ValueFormats.Default), Append(column, text, Formats(point, group)));
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Any_text_is_the_number_that_the_rules_say_or_none()
    {
        var gen = from which in Gen.Choose(0, Separators.Length - 1)
                  from pieces in Gen.Elements("0", "1", "12", "123", "000", "D", "D", "G", "G", "G", "-", "e5", "E-2", ".", ",").ArrayOf()
                  select (which, string.Concat(pieces));
        var accepted = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Arb.From(gen), c =>
        {
            var (point, group) = Separators[c.which];
            var text = c.Item2.Replace('D', point).Replace("G", group?.ToString() ?? "_", StringComparison.Ordinal);
            var plain = Plain(text, point, group);
            foreach (var column in NumberColumns)
            {
                var expected = plain is null ? null : Append(column, plain, ValueFormats.Default);
                Assert.Equal(expected, Append(column, text, Formats(point, group)));
                accepted += expected is null ? 0 : 1;
            }
        }));
        Assert.InRange(accepted, 500, int.MaxValue);
    }

    [Fact]
    public void A_long_number_is_read_like_a_short_one()
    {
        var zeros = new string('0', 100);
        Assert.Equal(Append(NumberColumns[1], "1.5", ValueFormats.Default), Append(NumberColumns[1], "1,5" + zeros, Formats(',', '.')));
        Assert.Equal("decimal(38,2)", TypeOf(["1.234,50", "7"], Formats(',', '.')));
    }

    [Theory]
    [InlineData("bigint", "1.234", "-5", "0")]
    [InlineData("decimal(38,2)", "1.234,5", "1,25")]
    [InlineData("double", "1,5e-3", "1.000")]
    [InlineData("text", "1.5", "2")]
    [InlineData("text", "1,5", "1,50")] // two texts of one number, as without separators
    [InlineData("text", "01.234", "1")]
    public void Inference_knows_the_separators(string type, params string[] values) => Assert.Equal(type, TypeOf(values, Formats(',', '.')));

    [Theory]
    [InlineData("text", "1.234", "5")] // a key in groups is not in its shortest form
    [InlineData("bigint", "1234", "5")]
    [InlineData("decimal(38,1)", "1,5", "2")]
    public void A_key_is_a_number_only_without_groups(string type, params string[] values) => Assert.Equal(type, TypeOf(values, Formats(',', '.'), isKey: true));

    [Theory]
    [InlineData("1/0", "1", "true")]
    [InlineData("1/0", "0", "false")]
    [InlineData("1/0", "TRUE", "true")]
    [InlineData("1/0", "2", null)]
    [InlineData("1/0", "01", null)]
    [InlineData("1/0", "1 ", null)]
    [InlineData("Y/N", "y", "true")]
    [InlineData("Y/N", "N", "false")]
    [InlineData("Y/N", "yes", null)]
    [InlineData("да/нет", "да", "true")]
    [InlineData("да/нет", "Да", null)] // any case, but of ASCII letters
    [InlineData("@/`", "`", "false")] // not the two cases of one letter
    public void A_boolean_has_the_texts_that_are_given(string pair, string text, string? value)
        => Assert.Equal(value, Append(Assembly.Column("c", ColumnType.Boolean), text, Pairs(pair)));

    [Theory]
    [InlineData("boolean", "Y", "n", "N")]
    [InlineData("boolean", "t", "F")]
    [InlineData("boolean", "true", "FALSE")]
    [InlineData("text", "Y", "f")] // of two pairs
    [InlineData("text", "Y", "true")]
    [InlineData("bigint", "1", "0")] // numbers
    [InlineData("text", "1", "true")]
    [InlineData("text", "Y", "x")]
    public void Inference_takes_one_pair_of_words(string type, params string[] values) => Assert.Equal(type, TypeOf(values, Pairs("1/0", "Y/N", "t/f")));

    // The rule as a regular expression: digits, in groups of three or not, a fraction, an exponent.
    private static string? Plain(string text, char point, char? group)
    {
        var separator = group is { } g ? Regex.Escape(g.ToString()) : "(?!)";
        var match = Regex.Match(
            text, $"^(-?(?:[0-9]{{1,3}}(?:{separator}[0-9]{{3}})+|[0-9]+))({Regex.Escape(point.ToString())}[0-9]+)?([eE][+-]?[0-9]+)?$", RegexOptions.None, TimeSpan.FromSeconds(1));
        return !match.Success ? null
            : match.Groups[1].Value.Replace(group?.ToString() ?? "_", "", StringComparison.Ordinal)
                + (match.Groups[2].Length > 0 ? "." + match.Groups[2].Value[1..] : "") + match.Groups[3].Value;
    }

    private static ValueFormats Formats(char point, char? group) => ValueFormats.From([], new CsvOptions { DecimalSeparator = point, GroupSeparator = group });

    private static ValueFormats Pairs(params string[] pairs) => ValueFormats.From([], new CsvOptions { BooleanValues = pairs });

    private static string? Append(FeedColumn column, string text, ValueFormats formats)
    {
        var batch = new RowBatch(Assembly.Schema(column));
        var writer = CellWriter.Create(column, isKey: false, new ValueLimits(), formats);
        writer.Bind(batch.Columns[0]);
        if (text.Length == 0 || writer.Append(Encoding.UTF8.GetBytes(text), FieldKind.Unquoted) is not null)
            return null;
        batch.CompleteRow();
        return new AssembledBatch(batch, [], 1, false).Text()[0];
    }

    private static string TypeOf(string[] values, ValueFormats formats, bool isKey = false)
    {
        var inference = new ColumnInference(formats);
        foreach (var value in values)
            inference.Add(Encoding.UTF8.GetBytes(value), FieldKind.Unquoted);
        var (type, scale) = isKey ? inference.KeyResult : inference.Result;
        return new FeedColumn("c", "c", type, scale).TypeName;
    }
}

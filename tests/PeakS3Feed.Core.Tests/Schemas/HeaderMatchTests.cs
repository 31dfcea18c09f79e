using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Schemas;

public sealed class HeaderMatchTests
{
    [Theory]
    [InlineData("email", "Email")]
    [InlineData(" amount\t", "amount")]
    [InlineData("amount", " Amount ")]
    [InlineData("\u00a0amount", "amount")]
    [InlineData("\ufeffid", "id")]
    [InlineData("Cafe\u0301", "café")]
    [InlineData("CAFÉ", "cafe\u0301")]
    [InlineData("STRASSE", "Straße")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("ЦЕНА", "цена")]
    public void A_header_that_differs_in_case_outer_blanks_or_Unicode_form_is_the_field(string header, string field)
    {
        Assert.Equal([1], HeaderMatch.Find([header], ["other", field]));
        Assert.True(HeaderMatch.Any([header], ["other", field], folds: true));
        Assert.False(HeaderMatch.Any([header], ["other", field], folds: false));
    }

    [Theory]
    [InlineData("Change %", "Change")]
    [InlineData("e-mail", "email")]
    [InlineData("first  name", "first name")]
    [InlineData("resume", "résumé")]
    [InlineData("Ａ", "A")]
    public void Other_differences_make_another_field(string header, string field) => Assert.Equal([-1], HeaderMatch.Find([header], [field]));

    [Fact]
    public void The_exact_header_goes_first_wherever_it_stands()
    {
        Assert.Equal([-1, 0], HeaderMatch.Find(["email", "Email"], ["Email"]));
        Assert.Equal([0, -1], HeaderMatch.Find(["Email", "email"], ["Email"]));
        Assert.Equal([1, 0], HeaderMatch.Find(["email", "Email"], ["Email", "email"]));
    }

    [Fact]
    public void Of_two_headers_that_fit_one_field_the_first_is_the_field() => Assert.Equal([0, -1], HeaderMatch.Find(["EMAIL", "email"], ["Email"]));

    [Fact]
    public void Of_two_fields_that_fit_one_header_the_first_that_is_free_is_taken()
    {
        Assert.Equal([0], HeaderMatch.Find(["EMAIL"], ["Email", "email"]));
        Assert.Equal([0, 1], HeaderMatch.Find(["Email", "EMAIL"], ["Email", "email"]));
    }
}

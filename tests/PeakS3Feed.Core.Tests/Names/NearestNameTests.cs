using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Names;

/// <summary>The name that a person probably meant, and the hint that asks for it.</summary>
public sealed class NearestNameTests
{
    private static readonly string[] Known = ["customer_orders_1", "customer_orders_12", "customer_orders_2", "returns", "daily_sales"];

    [Theory]
    [InlineData("customer_order_12", "customer_orders_12")] // a letter is missing
    [InlineData("customer_ordres_12", "customer_orders_12")] // two letters in the wrong order
    [InlineData("Customer-Orders-12", "customer_orders_12")]
    [InlineData("retruns", "returns")]
    [InlineData("sales", "daily_sales")] // a part that only one name has
    [InlineData("returns_of_2026", "returns")] // a name and more
    [InlineData("orders", null)] // a part of several names
    [InlineData("es", null)] // too short a part
    [InlineData("invoices", null)]
    [InlineData("", null)]
    public void It_is_the_nearest_name_if_any_is_near(string name, string? expected) => Assert.Equal(expected, NearestName.Find(name, Known));

    [Fact]
    public void The_hint_asks_first_and_lists_the_names_that_exist()
    {
        Assert.Equal("Did you mean returns? It has a, returns.", KnownNames.Hint("return", ["returns", "a"], none: "None."));
        Assert.Equal("It has a, returns.", KnownNames.Hint("invoices", ["returns", "a"], none: "None."));
        Assert.Equal("None.", KnownNames.Hint("invoices", [], none: "None."));
        Assert.EndsWith("n29 and 10 more.", KnownNames.Hint("x", Enumerable.Range(10, 30).Select(n => $"n{n}"), none: "None."), StringComparison.Ordinal);
    }
}

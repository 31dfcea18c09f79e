using PeakS3Feed.Connections;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Access;

/// <summary>The test of a connection against every refusal of <see cref="AccessCases"/>.</summary>
public sealed class AccessCaseTests
{
    public static TheoryData<string> Names => [.. AccessCases.All().Select(c => c.Name)];

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_step_the_layer_and_the_mend_are_named(string name)
    {
        var expected = AccessCases.All().Single(c => c.Name == name);
        await using var s3 = await FakeS3.StartAsync();
        s3.Put("acme", "in/a b.csv", new byte[] { 1, 2 });
        var working = expected.Connection((expected.NoRole ? Sources.S3Harness.Plain : Sources.S3Harness.WithRole) with { EndpointUrl = s3.Url, RootPath = "in/" });
        Assert.DoesNotContain(await Checks.RunAsync(working), c => c.Outcome == CheckOutcome.Failed);

        expected.Break(s3);
        var checks = await Checks.RunAsync(working);

        Assert.Equal(Enum.GetValues<ConnectionStep>(), checks.Select(c => c.Step));
        Assert.Equal(expected.Outcomes, Checks.Letters(checks));
        var failed = checks.Single(c => c.Step == expected.Step);
        Assert.Equal((expected.Id, expected.Code), (failed.ErrorId, failed.ServiceCode));
        Assert.Equal(expected.HasRequestId ? "4442587FB7D0A2F9" : null, failed.RequestId);
        Assert.Contains(expected.Message, failed.Message, StringComparison.Ordinal);
        Assert.All(expected.Hint, part => Assert.Contains(part, failed.Hint, StringComparison.Ordinal));
        if (expected.Next is not null)
            Assert.Contains(expected.Next, failed.Remedies.Select(r => r.Shell));
        Assert.All(checks, c => Assert.True(c.Outcome == CheckOutcome.Failed || (c.ErrorId is null && c.Hint is null && c.ServiceCode is null), c.ToString()));

        // Cmdlets belong into remedies, which the worker prints as its own commands; no page of a stranger is shown; no secret is.
        Assert.All(checks, c => Assert.DoesNotMatch("(Get|Set|Test|New|Invoke)-S3|-Exclude|<html|hush", c.Message + c.Hint));
    }

    [Fact]
    public void Every_case_has_a_name_of_its_own_and_a_step_at_fault()
    {
        Assert.Equal(AccessCases.All().Count(), AccessCases.All().Select(c => c.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(AccessCases.All(), c => Assert.Matches("^[PFS]{6}$", c.Outcomes));
        Assert.All(AccessCases.All(), c => Assert.NotEmpty(c.Hint));
    }
}

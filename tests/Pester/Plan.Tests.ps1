BeforeAll {
    . $PSScriptRoot/Setup.ps1
    . $PSScriptRoot/Orders.ps1
}

Describe 'Get-S3FeedPlan' {
    It 'emits what the next run would do, and changes nothing' {
        $made = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1.50`n"; 'in/b c+%.csv' = "id,price`n2,2`n"; 'in/empty.csv' = '' }
        $before = Get-FolderHash $made.Store, $made.Bucket
        $plan = Get-S3FeedPlan orders
        $plan | Should -BeOfType PeakS3Feed.Cmdlets.Planning.S3FeedPlanInfo
        [GC]::Collect(); [GC]::WaitForPendingFinalizers()
        $plan.ObjectsToLoad | Should -Be 2
        $plan.Objects.Key | Sort-Object | Should -Be 'in/a.csv', 'in/b c+%.csv'
        $plan.Objects.Key | Should -HaveCount 2
        $plan.Skipped.Reason | Should -Be Empty
        $plan.Statements[0] | Should -BeLike 'CREATE TABLE "orders"*)'
        $plan.IsNothingToDo | Should -BeFalse
        Get-FolderHash $made.Store, $made.Bucket | Should -Be $before

        $null = Invoke-S3Feed orders
        $before = Get-FolderHash $made.Store, $made.Bucket
        (Get-S3FeedPlan orders).IsNothingToDo | Should -BeTrue
        Get-FolderHash $made.Store, $made.Bucket | Should -Be $before
    }

    It 'pipes: names in, plans out, and on to a run' {
        $null = New-OrdersStore -Feeds @{ name = 'one' }, @{ name = 'two' }
        $plans = 'one', 'two' | Get-S3FeedPlan
        $plans.FeedName | Should -Be one, two
        ($plans | Where-Object ObjectsToLoad -GT 0 | Invoke-S3Feed).FeedName | Should -Be one, two
    }

    It 'shows objects, skips and statements; as a table, too' {
        $null = New-OrdersStore @{ 'in/a.csv' = "id,price`n1,1.50`n"; 'in/empty.csv' = '' }
        $text = Get-S3FeedPlan orders | Out-String -Width 80
        $text | Should -BeLike '*orders: Incremental into "orders"*1 object to load, 16 B*s3://acme/in/a.csv*skipped (Empty 1)*CREATE TABLE*'
        $text | Should -Not -BeLike '*would not begin*'
        (Get-S3FeedPlan orders | Format-Table | Out-String -Width 80) | Should -Match '1 +16 B +0 +1 +orders'
        ((Get-S3FeedPlan orders).Objects | Out-String -Width 80) | Should -Match '\d\d:\d\d +16 B s3://acme/in/a.csv'
        ((Get-S3FeedPlan orders).Skipped | Out-String -Width 80) | Should -Match '0 B Empty +s3://acme/in/empty.csv'
    }

    It 'emits and shows a plan that a run would refuse' {
        $made = New-OrdersStore
        $null = Invoke-S3Feed orders
        Set-Content (Join-Path $made.Bucket in/a.csv) "id,price`n1,1.50`n9,9.99"
        $plan = Get-S3FeedPlan orders
        $plan.Obstacle.Id | Should -Be ChangedObjectUndecided
        $plan | Out-String -Width 80 | Should -BeLike '*a run would not start: ChangedObjectUndecided*'
    }

    It 'goes on after a feed that there is not' {
        $null = New-OrdersStore
        $plans = Get-S3FeedPlan nix, orders -ErrorVariable failed -ErrorAction SilentlyContinue
        $plans.FeedName | Should -Be orders
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FeedNotFound,*'
    }
}

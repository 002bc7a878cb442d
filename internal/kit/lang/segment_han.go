// SPDX-License-Identifier: EUPL-1.2

package lang

import "unicode/utf8"

// ideograph is one character of a run of Chinese: where its folded form begins
// in the buffer and where it stood in the text.
type ideograph struct {
	off, end   int
	start, fin int
}

// ideographs cuts a run of Chinese at its function words and appends the
// characters and the pairs of characters of what is left: Chinese has no
// spaces, and pairs find any word without a dictionary.
func (t *Tokenizer) ideographs(dst []Token, run *span) []Token {
	t.characters(run)
	from := 0
	for i := 0; i < len(t.han); {
		n := t.functionWord(i)
		if n == 0 {
			i++
			continue
		}
		dst = t.pairs(dst, from, i)
		i += n
		from = i
	}
	return t.pairs(dst, from, len(t.han))
}

func (t *Tokenizer) characters(run *span) {
	t.han = t.han[:0]
	at := run.start
	for off := run.off; off < run.end; {
		_, folded := utf8.DecodeRune(t.buf[off:run.end])
		size := 0
		for at < run.fin {
			r, n := utf8.DecodeRuneInString(t.text[at:run.fin])
			if classify(r) != classIgnored {
				size = n
				break
			}
			at += n
		}
		t.han = append(t.han, ideograph{off, off + folded, at, at + size})
		off, at = off+folded, at+size
	}
}

// functionWord tells how many characters from the i-th make the longest function word.
func (t *Tokenizer) functionWord(i int) int {
	for n := min(4, len(t.han)-i); n > 0; n-- {
		if _, ok := hanStops[string(t.buf[t.han[i].off:t.han[i+n-1].end])]; ok {
			return n
		}
	}
	return 0
}

func (t *Tokenizer) pairs(dst []Token, from, to int) []Token {
	kind := Unigram
	if to-from == 1 {
		kind = Alone
	}
	for i := from; i < to; i++ {
		c := t.han[i]
		dst = append(dst, Token{Text: t.buf[c.off:c.end], Start: c.start, End: c.fin, Kind: kind})
		if i+1 < to {
			next := t.han[i+1]
			dst = append(dst, Token{Text: t.buf[c.off:next.end], Start: c.start, End: next.fin, Kind: Bigram})
		}
	}
	return dst
}

// hanStops are words of questions and grammar; phrases rather than single
// characters wherever the character is part of content words as well.
var hanStops = set(`的 我 你 您 他 她 它 吗 呢 吧 啊 呀 和 与 或 及 是 把 被 我们 你们 他们 我的 你的 可以 能不能 能否 可不可以
	怎么 怎么样 如何 怎样 怎么办 什么 什么是 为什么 什么时候 哪里 在哪里 在哪 哪儿 在哪儿 哪个 哪些 去哪里 去哪儿 谁 多少 想要 我想 我要 需要 我需要
	应该 这个 那个 这里 那里 这些 那些 一个 一些 没有 有没有 请问 请 了吗 因为 所以 如果 但是 并且 以及 还有 对于 关于 为了 已经 正在 必须 得到 帮我`)

// simplified leads from traditional characters to simplified ones. It covers
// the characters of public services, of the home, of work, of health and of
// every day; a rarer one is found as it is written.
var simplified = pairsOf(`
	國国 學学 習习 語语 言言 醫医 療疗 藥药 護护 證证 護护 簽签 許许 請请 問问 題题 認认 識识 說说 話话 講讲 訴诉 訟讼 論论 設设 計计 記记 訂订 訊讯 託托 討讨 訓训 評评 詞词 試试 詢询 該该 詳详 誤误 誰谁 課课 調调 談谈 謝谢 警警 議议 讓让 護护 譯译 讀读
	開开 關关 閉闭 門门 間间 問问 聞闻 閱阅 長长 張张 車车 軍军 軟软 輕轻 輔辅 輛辆 輸输 轉转 較较 載载 運运 過过 還还 進进 這这 遠远 適适 選选 遲迟 遷迁 邊边 達达 違违 連连 週周 遊游
	錢钱 銀银 鐘钟 鎖锁 錯错 鐵铁 針针 鑰钥 釋释 鄉乡 鄰邻 郵邮 醫医 險险 陰阴 陽阳 隊队 階阶 際际 難难 離离 電电 雲云 零零 頁页 項项 須须 預预 領领 頭头 額额 顧顾 顯显 類类 願愿 顏颜 風风 飛飞 飯饭 館馆 飲饮 養养 餐餐 駕驾 駐驻 驗验 驚惊 髮发 魚鱼 鳥鸟 麗丽 麥麦 麵面 點点 齊齐 齡龄 齒齿
	業业 務务 勞劳 動动 勝胜 勢势 區区 協协 單单 賣卖 買买 貨货 費费 資资 賃赁 賬账 貸贷 貼贴 貿贸 賠赔 財财 責责 質质 贈赠 購购 賴赖 賓宾 實实 寫写 寬宽 審审 寶宝 對对 導导 將将 專专 尋寻 屬属 層层 歲岁 島岛 幣币 師师 帳帐 帶带 幫帮 庫库 廳厅 廣广 廠厂 應应 庭庭 廢废
	愛爱 態态 憂忧 慮虑 懷怀 戶户 戰战 戲戏 擔担 據据 擇择 換换 損损 掛挂 採采 掃扫 撥拨 撫抚 擊击 擁拥 擴扩 攜携 攝摄 數数 斷断 時时 晚晚 暫暂 曆历 會会 書书 東东 條条 極极 構构 樓楼 標标 樣样 機机 檢检 權权 歡欢 歐欧 歷历 歸归 殘残 殺杀 毀毁 氣气 決决 況况 沒没 減减 測测 滿满 漢汉 滅灭 溫温 準准 濟济 濕湿 災灾 無无 煙烟 熱热 燈灯 營营 爭争 爲为 為为 爺爷 牆墙 狀状 獎奖 獨独 獲获 獸兽
	現现 環环 產产 畫画 異异 當当 療疗 瘋疯 發发 盜盗 監监 盤盘 眾众 矯矫 碼码 確确 禮礼 禁禁 種种 稱称 積积 穩稳 窮穷 節节 範范 築筑 簡简 簿簿 籍籍 類类 糧粮 糾纠 約约 級级 納纳 紙纸 紀纪 細细 終终 組组 結结 絕绝 給给 統统 經经 網网 維维 綜综 線线 練练 緊紧 編编 緩缓 緣缘 總总 績绩 繳缴 繼继 續续 罰罚 罷罢 義义 習习 聯联 聲声 職职 聽听 腦脑 腫肿 腳脚 膚肤 臉脸 臨临 舉举 舊旧 與与 興兴 節节 艙舱 藝艺 蘇苏 處处 號号 蟲虫 術术 衛卫 補补 裝装 製制 複复 襲袭 見见 規规 視视 親亲 覺觉 覽览 觀观 觸触
	個个 們们 倫伦 偵侦 傳传 債债 傷伤 僅仅 僱雇 價价 優优 儲储 償偿 億亿 兒儿 內内 兩两 冊册 凍冻 別别 則则 剛刚 創创 劃划 劇剧 劉刘 辦办 勵励 匯汇 華华 縣县 參参 雙双 變变 員员 喪丧 嗎吗 嚴严 囑嘱 團团 園园 圍围 圖图 圓圆 堅坚 執执 報报 場场 塊块 壓压 壞坏 壯壮 壽寿 夠够 夢梦 夾夹 奪夺 奮奋 婦妇 媽妈 嬰婴 孫孙 學学 寧宁 從从 徵征 後后 復复 彈弹 強强 當当 錄录 徑径 惡恶 憑凭 憲宪 懲惩 戀恋 於于 既既 來来 氈毡 淚泪 涼凉 潔洁 滯滞 濫滥 瀏浏 煩烦 燒烧 爛烂 牽牵 猶犹 獄狱 瑪玛 畢毕 畝亩 疊叠 癢痒 皺皱 盡尽 睏困 礎础 禍祸 稅税 競竞 筆笔 籌筹 籃篮 紅红 純纯 紹绍 絲丝 綁绑 綠绿 緒绪 縮缩 織织 繁繁 纖纤 聖圣 聰聪 肅肃 脅胁 脫脱 膽胆 艱艰 莊庄 薦荐 薪薪 蓋盖 蔣蒋 虛虚 蘭兰 裡里 裏里 褲裤 襯衬 託托 訪访 詐诈 診诊 詩诗 誠诚 誘诱 諒谅 諮咨 謀谋 謊谎 譽誉 豐丰 豬猪 貝贝 負负 貧贫 貪贪 賊贼 賺赚 贏赢 趕赶 跡迹 踐践 軌轨 輪轮 輯辑 農农 遞递 遺遗 邏逻 鄭郑 鄧邓 醬酱 鍋锅 鍵键 鏈链 鏡镜 鑑鉴 閒闲 陣阵 陳陈 隨随 隱隐 雖虽 雜杂 雞鸡 靈灵 靜静 響响 頓顿 順顺 頻频 顆颗 飢饥 飽饱 餓饿 餘余 騎骑 騙骗 騷骚 鬥斗 鬧闹 黃黄 黨党 齋斋 龍龙 龜龟 臺台 檯台 颱台 灣湾 籤签 妝妆 體体 徹彻 暴暴 傭佣 撐撑 孿孪 瞭了 鬆松 鹽盐 鹹咸 搶抢 暈晕 嘔呕 瀉泻 癌癌 療疗 癥症 癱瘫 痺痹 盪荡 蹤踪 虧亏 傾倾 側侧 僑侨 偽伪 階阶 遙遥 鄰邻 墊垫 塗涂 墳坟 奧奥 娛娱 媳媳 嬸婶 攔拦 攪搅 敵敌 斃毙 曬晒 樂乐 橋桥 橫横 櫃柜 櫥橱 欄栏 欠欠 毆殴 氫氢 淨净 湯汤 溝沟 滾滚 漁渔 潤润 澤泽 濃浓 灑洒 爐炉`)

func simplify(r rune) rune {
	if s, ok := simplified[r]; ok {
		return s
	}
	return r
}

func pairsOf(list string) map[rune]rune {
	m := map[rune]rune{}
	var first rune
	for _, r := range list {
		switch {
		case !isHan(r):
			first = 0
		case first == 0:
			first = r
		default:
			if r != first {
				m[first] = r
			}
			first = 0
		}
	}
	for from, to := range m { // no chains, so that folding once is folding twice
		for next, ok := m[to]; ok; next, ok = m[to] {
			m[from], to = next, next
		}
	}
	return m
}

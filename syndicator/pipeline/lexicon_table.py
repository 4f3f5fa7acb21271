# ruff: noqa: E501 (a line is an entry)
"""Hold the lexicon by which headlines of two languages are compared: `id | English | Vietnamese | the rest`.

The forms of a language are parted by commas; `lexicon.py` reads them.
"""

from __future__ import annotations

# Written with a capital letter in languages that have them: `anh` is a brother, `Anh` may be the country.
PLACES = """
hcmc | ho chi minh city, hcmc, saigon, hcm city, hô chi minh-ville | thành phố hồ chí minh, tp hồ chí minh, tp hcm, tphcm, sài gòn | 胡志明市, 胡志明, ホーチミン, 호찌민, 호치민
hanoi | hanoi, ha noi | hà nội | 河内, ハノイ, 하노이
danang | da nang, danang | đà nẵng | 岘港, ダナン, 다낭
haiphong | hai phong, haiphong | hải phòng | 海防, ハイフォン, 하이퐁
cantho | can tho | cần thơ | 芹苴, カントー, 껀터
vn | vietnam, viet nam, vietnamese | việt nam | 越南, ベトナム, 베트남
jp | japan, japanese, tokyo | nhật bản, nhật, tokyo | 日本, 日, 일본
kr | south korea, south korean, korea, korean, seoul | hàn quốc, hàn, seoul | 韩国, 韩, 韓国, 韓, 한국
kp | north korea, north korean, pyongyang | triều tiên, bình nhưỡng | 朝鲜, 北朝鮮, 북한
cn | china, chinese, beijing | trung quốc, bắc kinh | 中国, 중국
tw | taiwan, taiwanese, taipei | đài loan, đài bắc | 台湾, 대만
hk | hong kong, hongkong | hồng kông, hong kong | 香港, 홍콩
us | the united states, united states, us, u s, usa, american, america, washington | mỹ, hoa kỳ, washington | 美国, 米国, 미국
uk | united kingdom, uk, u k, britain, british, england, london | vương quốc anh, anh, anh quốc, london | 英国, 영국
fr | france, french, paris, français, française | pháp, paris | 法国, フランス, 프랑스
de | germany, german, berlin | đức, berlin | 德国, ドイツ, 독일
ru | russia, russian, moscow | nga, moskva, mátxcơva, matxcơva, moscow | 俄罗斯, ロシア, 러시아
ua | ukraine, ukrainian, kyiv, kiev | ukraine, ukraina, kiev, kyiv | 乌克兰, ウクライナ, 우크라이나
in | india, indian, new delhi | ấn độ, new delhi | 印度, インド, 인도
id | indonesia, indonesian, jakarta | indonesia, jakarta | 印尼, 印度尼西亚, インドネシア, 인도네시아
my | malaysia, malaysian, kuala lumpur | malaysia, kuala lumpur | 马来西亚, マレーシア, 말레이시아
sg | singapore, singaporean | singapore | 新加坡, シンガポール, 싱가포르
th | thailand, thai, bangkok | thái lan, bangkok, băng cốc | 泰国, タイ, 태국
la | laos, lao, laotian, vientiane | lào, viêng chăn, vientiane | 老挝, ラオス, 라오스
kh | cambodia, cambodian, phnom penh | campuchia, phnom penh | 柬埔寨, カンボジア, 캄보디아
mm | myanmar | myanmar | 缅甸, ミャンマー, 미얀마
ph | philippines, philippine, filipino, manila | philippines, manila | 菲律宾, フィリピン, 필리핀
bn | brunei | brunei | 文莱, ブルネイ, 브루나이
tl | timor-leste, east timor | timor-leste, đông timor | 东帝汶
au | australia, australian, canberra | úc, australia, canberra | 澳大利亚, オーストラリア, 호주
nz | new zealand | new zealand | 新西兰, ニュージーランド, 뉴질랜드
ca | canada, canadian, ottawa | canada, ottawa | 加拿大, カナダ, 캐나다
it | italy, italian, rome | italia, ý, rome | 意大利, イタリア, 이탈리아
es | spain, spanish, madrid | tây ban nha, madrid | 西班牙, スペイン, 스페인
pt | portugal, portuguese, lisbon | bồ đào nha, lisbon | 葡萄牙, ポルトガル, 포르투갈
nl | netherlands, dutch, the hague | hà lan, la hay | 荷兰, オランダ, 네덜란드
be | belgium, belgian, brussels | bỉ, brussels | 比利时, ベルギー, 벨기에
ch | switzerland, swiss, geneva | thụy sĩ, thuỵ sĩ, geneva | 瑞士, スイス, 스위스
at | austria, austrian, vienna | áo, vienna | 奥地利, オーストリア, 오스트리아
se | sweden, swedish, stockholm | thụy điển, stockholm | 瑞典, スウェーデン, 스웨덴
no | norway, norwegian, oslo | na uy, oslo | 挪威, ノルウェー, 노르웨이
dk | denmark, danish, copenhagen | đan mạch, copenhagen | 丹麦, デンマーク, 덴마크
fi | finland, finnish, helsinki | phần lan, helsinki | 芬兰, フィンランド, 핀란드
pl | poland, polish, warsaw | ba lan, warsaw, vácsava | 波兰, ポーランド, 폴란드
cz | czech republic, czechia, czech, prague | séc, cộng hòa séc, praha | 捷克, チェコ, 체코
hu | hungary, hungarian, budapest | hungary, budapest | 匈牙利, ハンガリー, 헝가리
ro | romania, romanian | romania | 罗马尼亚, ルーマニア
gr | greece, greek, athens | hy lạp, athens | 希腊, ギリシャ
tr | turkey, türkiye, turkish, ankara, istanbul | thổ nhĩ kỳ, ankara, istanbul | 土耳其, トルコ, 튀르키예
il | israel, israeli, tel aviv | israel, tel aviv | 以色列, イスラエル, 이스라엘
ps | palestine, palestinian, gaza | palestine, gaza | 巴勒斯坦, 加沙, ガザ
ir | iran, iranian, tehran | iran, tehran | 伊朗, イラン, 이란
sa | saudi arabia, saudi | saudi arabia, ả rập xê út, ả-rập xê-út | 沙特, サウジ
ae | united arab emirates, uae, dubai | các tiểu vương quốc ả rập thống nhất, uae, dubai | 阿联酋
eg | egypt, egyptian, cairo | ai cập, cairo | 埃及, エジプト
za | south africa, south african | nam phi | 南非, 南アフリカ
br | brazil, brazilian, brasilia | brazil, brasilia | 巴西, ブラジル, 브라질
ar | argentina, argentine, buenos aires | argentina, buenos aires | 阿根廷, アルゼンチン
cl | chile, chilean | chile | 智利, チリ
mx | mexico, mexican | mexico | 墨西哥, メキシコ
cu | cuba, cuban, havana | cuba, la habana | 古巴, キューバ
kz | kazakhstan | kazakhstan | 哈萨克斯坦
mn | mongolia, mongolian | mông cổ | 蒙古, モンゴル
bd | bangladesh, bangladeshi, dhaka | bangladesh, dhaka | 孟加拉国
pk | pakistan, pakistani | pakistan | 巴基斯坦
lk | sri lanka | sri lanka | 斯里兰卡
by | belarus, belarusian | belarus | 白俄罗斯
eu | european union, eu, europe, european | liên minh châu âu, eu, châu âu | 欧盟, 欧洲, 欧州
un | united nations, un, u n | liên hợp quốc, liên hiệp quốc, lhq | 联合国, 国連, 유엔
asean | asean | asean | 东盟, アセアン, 아세안
eastsea | east sea, south china sea, bien dong | biển đông | 南海
mekong | mekong delta, mekong | đồng bằng sông cửu long, đbscl, mekong, mê kông | 湄公河
middleeast | middle east | trung đông | 中东, 中東
africa | africa, african | châu phi, phi châu | 非洲
asia | asia, asian | châu á | 亚洲, アジア
shanghai | shanghai | thượng hải | 上海, 상하이
guangzhou | guangzhou, guangdong | quảng châu, quảng đông | 广州, 广东
osaka | osaka | osaka | 大阪, 오사카
kobe | kobe | kobe | 神户, 神戸, 고베
nagano | nagano | nagano | 长野, 長野
busan | busan | busan | 釜山, 부산
yunnan | yunnan, kunming | vân nam, côn minh | 云南, 昆明
"""

# Deeds, offices and things; common words, each of which tells little.
CONCEPTS = """
consulate | consulate general, consulate, consul general, consul | tổng lãnh sự quán, tổng lãnh sự, lãnh sự quán, lãnh sự | 总领事馆, 総領事館, 총영사관, 领事, 領事, 총영사
embassy | embassy, ambassador | đại sứ quán, đại sứ | 大使馆, 大使館, 大使, 대사
primeminister | prime minister, pm, premier | thủ tướng | 总理, 首相, 총리
president | president, state president | chủ tịch nước, tổng thống | 国家主席, 总统, 大統領, 대통령
partychief | general secretary, party chief, party general secretary | tổng bí thư | 总书记, 書記長
foreignminister | foreign minister, foreign affairs minister, minister of foreign affairs | bộ trưởng ngoại giao, bộ trưởng bộ ngoại giao, ngoại trưởng | 外交部长, 外长, 外相, 외교장관
defenceminister | defence minister, defense minister, minister of defence | bộ trưởng quốc phòng, bộ trưởng bộ quốc phòng | 国防部长, 防衛相
minister | minister, ministry | bộ trưởng, thứ trưởng, bộ | 部长, 장관
governor | governor, prefecture | thống đốc, tỉnh trưởng, tỉnh | 知事, 省长, 지사
mayor | mayor | thị trưởng | 市长, 市長, 시장
chair | chairman, chairwoman, chair, chairperson | chủ tịch | 主席, 会长
king | king, queen, emperor, crown prince, princess, prince, royal | vua, nhà vua, quốc vương, hoàng hậu, nữ hoàng, nhật hoàng, thái tử, công chúa, hoàng tử, hoàng gia | 国王, 天皇
assembly | national assembly, parliament, lawmaker, assembly | quốc hội, nghị viện, nghị sĩ | 国会, 议会, 국회
delegation | delegation, delegate, mission | đoàn đại biểu, phái đoàn, đoàn, đại biểu | 代表团, 代表団, 대표단
visit | visit, trip, tour, arrive, welcome, receive, host | chuyến thăm, thăm chính thức, thăm, công du, tiếp, đón, đến thăm | 访问, 訪問, 방문, 访
talk | talk, meeting, meet, discuss | hội đàm, hội kiến, gặp, gặp gỡ, trao đổi, thảo luận | 会谈, 会見, 会談, 회담
summit | summit, high-level | thượng đỉnh, hội nghị thượng đỉnh, hội nghị cấp cao, cấp cao | 峰会, 首脳会議, 정상회의
conference | conference, forum, seminar, workshop, dialogue | hội nghị, diễn đàn, hội thảo, tọa đàm, toạ đàm, đối thoại | 会议, 论坛, フォーラム, 포럼
sign | sign, ink, signing | ký kết, ký, lễ ký | 签署, 署名, 서명
agreement | agreement, deal, pact, mou, memorandum, memoranda, treaty, accord | thỏa thuận, thoả thuận, hiệp định, biên bản ghi nhớ, bản ghi nhớ, hiệp ước | 协议, 协定, 協定, 協力, 협정, 备忘录
cooperation | cooperation, cooperate, co-operation, partnership, partner, tie, relation | hợp tác, quan hệ, đối tác | 合作, 関係, 협력
sister | sister city, sister cities, sister citie, twinning, twinned | kết nghĩa | 姊妹城市, 姉妹都市, 자매도시
anniversary | anniversary | kỷ niệm, kỉ niệm | 周年, 記念, 주년
invest | invest, investment, investor, fdi | đầu tư, nhà đầu tư, fdi | 投资, 投資, 투자
loan | loan, oda, credit, aid, grant, funding, fund | vay, oda, tín dụng, viện trợ, tài trợ, quỹ | 贷款, 援助, 차관
trade | trade, trading | thương mại, giao thương | 贸易, 貿易, 무역
export | export, shipment | xuất khẩu | 出口, 輸出, 수출
import | import | nhập khẩu | 进口, 輸入, 수입
tariff | tariff, duty, levy | thuế quan, thuế, thuế đối ứng | 关税, 関税, 관세
tax | tax, vat | thuế | 税
tourist | tourist, visitor, visiteur, touriste, international visitor, tourism, traveller, traveler, arrival | du khách, khách du lịch, du lịch, lượt khách, khách quốc tế | 游客, 旅游, 観光, 관광
visa | visa, e-visa, evisa, immigration | thị thực, visa, xuất nhập cảnh | 签证, ビザ, 비자
flight | flight, fly, airline, air route, aircraft, plane, jet | chuyến bay, đường bay, bay, hãng hàng không, hàng không, máy bay | 航班, 航空, 항공
airport | airport, terminal | sân bay, nhà ga, cảng hàng không | 机场, 空港, 공항
metro | metro, subway, urban railway, metro line | metro, đường sắt đô thị, tàu điện ngầm | 地铁, 地下鉄, 지하철, メトロ
rail | rail, railway, train, high-speed railway | đường sắt, tàu hỏa, tàu hoả, đường sắt tốc độ cao, tàu | 铁路, 鉄道, 철도
bridge | bridge | cầu | 桥
road | road, expressway, highway, ring road, street | đường, cao tốc, quốc lộ, vành đai | 公路, 道路, 도로
port | port, seaport, harbour | cảng biển, cảng | 港口, 港, 항만
ship | ship, vessel, boat, ferry, warship, frigate | tàu thuyền, tàu biển, thuyền, tàu chiến, tàu hải quân, phà, chiến hạm | 船, 军舰
navy | navy, naval | hải quân | 海军, 海軍, 해군
coastguard | coast guard | cảnh sát biển | 海警, 海上保安
school | school, university, college | trường học, trường, đại học, cao đẳng | 学校, 大学, 학교, 대학
student | student, pupil, scholarship | sinh viên, học sinh, du học sinh, học bổng | 学生, 奖学金, 학생
hospital | hospital, doctor, patient, surgery, clinic | bệnh viện, bác sĩ, bệnh nhân, phẫu thuật, ca mổ | 医院, 病院, 병원
vaccine | vaccine, vaccination | vaccine, vắc xin, vắcxin, vắc-xin, tiêm chủng | 疫苗, ワクチン, 백신
disease | disease, virus, outbreak, dengue, measles, flu, influenza | dịch bệnh, dịch, virus, sốt xuất huyết, sởi, cúm | 疫情, 感染
fire | fire, blaze, burn | cháy, hỏa hoạn, hoả hoạn, đám cháy | 火灾, 火災, 화재
quake | earthquake, quake, tremor | động đất, địa chấn | 地震, 지진
storm | storm, typhoon, hurricane, cyclone, tropical depression | bão, siêu bão, áp thấp nhiệt đới | 台风, 台風, 태풍
flood | flood, flooding, inundation, landslide, high tide, tide | lũ lụt, lũ, ngập lụt, ngập, sạt lở, lở đất, triều cường | 洪水, 홍수
rain | rain, downpour, rainfall, heavy rain | mưa, mưa lớn | 雨, 暴雨
heat | heat, heatwave, hot | nắng nóng | 高温, 猛暑
crash | crash, collision, accident, collide, derail, sink, capsize | tai nạn, va chạm, đâm, rơi, lật, chìm | 事故, 坠毁, 사고
kill | kill, dead, death, die, died, fatality, fatal | thiệt mạng, tử vong, chết, qua đời, làm chết | 死亡, 死者, 사망
injure | injure, injured, wound, hurt | bị thương | 受伤, 負傷, 부상
rescue | rescue, save, evacuate | giải cứu, cứu hộ, cứu, sơ tán | 救援, 救助, 구조
arrest | arrest, detain, custody, prosecute, charge | bắt giữ, bắt, tạm giam, khởi tố, truy tố | 逮捕, 拘留, 체포
court | court, trial, sentence, jail, verdict | tòa án, toà án, xét xử, phiên tòa, phiên toà, tuyên án, án tù, phạt tù | 法院, 裁判, 재판
police | police | công an, cảnh sát | 警察, 경찰
fraud | fraud, scam, swindle | lừa đảo | 诈骗, 詐欺, 사기
drug | drug, narcotic | ma túy, ma tuý | 毒品, 麻薬, 마약
smuggle | smuggle, smuggling, trafficking | buôn lậu, buôn bán trái phép | 走私, 密輸
gold | gold, bullion | vàng, giá vàng | 黄金, 金価格
oil | oil, petrol, gasoline, crude, fuel, diesel | dầu, xăng dầu, xăng, dầu thô | 石油, 原油
rice | rice | gạo, lúa | 大米, 米, 쌀
coffee | coffee | cà phê, cà-phê | 咖啡, コーヒー, 커피
seafood | seafood, shrimp, pangasius, tra fish | thủy sản, thuỷ sản, hải sản, tôm, cá tra | 水产
fruit | fruit, durian | trái cây, hoa quả, sầu riêng | 榴莲, 水果
chip | chip, semiconductor | chip, bán dẫn | 芯片, 半导体, 半導体, 반도체
ai | ai, artificial intelligence | ai, trí tuệ nhân tạo | 人工智能, 人工知能, 인공지능
startup | startup, start-up, innovation | khởi nghiệp, đổi mới sáng tạo | 创业, スタートアップ
plant | plant, factory, facility | nhà máy | 工厂, 工場, 공장
power | power, electricity, energy, wind power, solar | điện, năng lượng, điện gió, điện mặt trời | 电力, 電力, 전력
bank | bank, banking, interest rate | ngân hàng, lãi suất | 银行, 銀行, 은행
stock | stock, share, index, securities | chứng khoán, cổ phiếu, chỉ số | 股票, 株価
dollar | dollar, exchange rate | đô la, tỷ giá, tỉ giá | 美元, ドル
company | company, firm, enterprise, business, corporation, group | công ty, doanh nghiệp, tập đoàn, hãng | 企业, 企業, 기업, 公司
project | project, scheme | dự án, công trình | 项目, プロジェクト, 프로젝트
open | open, opening, inaugurate, inauguration, launch | khánh thành, khai trương, khai mạc, mở cửa, mở, ra mắt, khai giảng | 开设, 开幕, 開設, 開幕, 개관, 개막
close | close, closing, shut, suspend, halt | bế mạc, đóng cửa, tạm dừng, đình chỉ | 闭幕, 閉幕, 폐막
start | begin, start, groundbreaking, break ground, kick off, commence | khởi công, bắt đầu, khởi động | 开工, 着工, 착공
festival | festival, fest, carnival, gala | lễ hội, liên hoan, ngày hội | 节, 祭, 축제, フェスティバル
exhibition | exhibition, expo, fair, exhibit, display | triển lãm, hội chợ, trưng bày | 展览, 展示会, 전시회, 博览会
film | film, movie, cinema | phim, điện ảnh | 电影, 映画, 영화
music | music, concert, orchestra | âm nhạc, hòa nhạc, hoà nhạc, ca nhạc | 音乐会, コンサート
culture | culture, cultural | văn hóa, văn hoá | 文化, 문화
heritage | heritage, unesco | di sản, unesco | 遗产, 遺産
museum | museum | bảo tàng | 博物馆, 博物館, 박물관
week | week | tuần, tuần lễ | 周
football | football, soccer, cup, goal, match | bóng đá, cúp, bàn thắng, trận | 足球, サッカー, 축구
final | final | chung kết | 决赛, 決勝, 결승
semifinal | semi-final, semifinal | bán kết | 半决赛, 準決勝
win | win, beat, victory, champion, defeat | thắng, đánh bại, vô địch, chiến thắng | 获胜, 優勝, 승리
medal | medal, gold medal | huy chương, hcv | 金牌, メダル, 메달
marathon | marathon, race | marathon, giải chạy | 马拉松, マラソン, 마라톤
overseas | overseas vietnamese, viet kieu, diaspora | kiều bào, người việt nam ở nước ngoài, việt kiều, người việt ở nước ngoài | 越侨, 在外ベトナム人
worker | worker, labour, labor, employee, job, workforce | người lao động, lao động, công nhân, việc làm, nhân lực | 工人, 労働者, 노동자, 劳务
wage | wage, salary, minimum wage | lương, lương tối thiểu | 工资, 賃金
price | price, cost | giá | 价格, 価格, 가격
rise | rise, increase, grow, growth, jump, surge, gain, up, climb, soar | tăng trưởng, tăng, tăng mạnh, tăng vọt | 增长, 増加, 증가, 上涨
fall | fall, decrease, drop, decline, down, plunge, slide, cut, lower | giảm, giảm mạnh, hạ | 下降, 減少, 감소, 下跌
record | record, all-time | kỷ lục, kỉ lục, đỉnh | 纪录, 記録, 기록
election | election, vote, ballot, poll | bầu cử, bỏ phiếu | 选举, 選挙, 선거
war | war, attack, strike, missile, bomb, drone | chiến tranh, tấn công, không kích, tên lửa, bom, drone | 战争, 攻击, 戦争, 攻撃, 전쟁
peace | peace, ceasefire, truce | hòa bình, hoà bình, ngừng bắn | 和平, 停火, 停戦, 휴전
sanction | sanction | trừng phạt, cấm vận | 制裁, 제재
resign | resign, resignation, step down, quit | từ chức | 辞职, 辞任, 사임
appoint | appoint, named, nominate | bổ nhiệm | 任命
protest | protest, demonstration, rally | biểu tình | 抗议, 抗議, 시위
climate | climate, emission, carbon, net zero | khí hậu, phát thải, carbon, các bon | 气候, 気候, 기후
pollution | pollution, air quality, waste, plastic | ô nhiễm, rác thải, chất thải, nhựa | 污染
water | water, drainage, sewage, wastewater | nước, thoát nước, nước thải | 水
housing | housing, apartment, home, property, real estate | nhà ở, chung cư, căn hộ, bất động sản | 住房, 不動産
finance | international financial centre, international financial center, financial centre, financial center | trung tâm tài chính quốc tế, trung tâm tài chính | 金融中心
gdp | gdp, economic growth | gdp, tăng trưởng kinh tế | 国内生产总值
citizen | citizen, national, foreigner, foreign | công dân, người nước ngoài, nước ngoài | 公民, 外国人
child | child, children, kid, baby | trẻ em, trẻ, bé, em bé | 儿童, 子ども, 어린이
restaurant | restaurant, food, cuisine, michelin, dish | nhà hàng, ẩm thực, món ăn, món | 餐厅, 料理, 음식
pho | pho, banh mi | phở, bánh mì |
buddhist | buddhist, buddha, vesak, pagoda, relic | phật giáo, phật, vesak, chùa, xá lợi | 佛教, 仏教
pope | pope, vatican | giáo hoàng, vatican | 教皇, 教皇
space | space, satellite, rocket | vũ trụ, vệ tinh, tên lửa đẩy | 卫星, 衛星
book | book, publish, library | sách, xuất bản, thư viện | 图书, 本
army | army, military, troop, defence, defense | quân đội, quân sự, quốc phòng, binh sĩ | 军队, 軍, 군
mine | bomb disposal, unexploded | bom mìn, vật liệu nổ |
gift | donate, donation, gift, present, hand over | trao tặng, tặng, quyên góp, ủng hộ, bàn giao | 捐赠, 寄贈, 기부
award | award, prize, honour, honor | giải thưởng, trao giải, vinh danh, huân chương, huy hiệu | 奖, 賞, 상
extradite | extradite, deport, repatriate | dẫn độ, trục xuất, hồi hương | 引渡, 送還
border | border, checkpoint, border gate | biên giới, cửa khẩu | 边境, 国境, 국경
ban | ban, prohibit | cấm | 禁止, 금지
plan | plan, strategy | kế hoạch, chiến lược | 计划, 計画, 계획
network | network | mạng lưới | 网络, ネットワーク
secretariat | secretariat | ban thư ký | 秘书处
headquarters | headquarters, office | trụ sở, văn phòng | 办事处, 事務所, 사무소
nationalday | national day | quốc khánh | 国庆, 国慶, 국경일
tet | tet, lunar new year, tet holiday | tết nguyên đán, tết âm lịch, tết | 春节, 旧正月, 설
holiday | holiday, break, day off | nghỉ lễ, nghỉ, kỳ nghỉ | 假期, 休日, 휴일
english | english | tiếng anh | 英语, 英語
exam | exam, examination | thi, kỳ thi | 考试, 試験, 시험
lottery | lottery, jackpot, vietlott, lottery ticket | xổ số, jackpot, vietlott, vé số |
scholarship | scholarship | học bổng, suất học bổng | 奖学金, 奨学金, 장학금
friendship | friendship | hữu nghị | 友好, 우호
salt | salinity, saltwater | mặn, xâm nhập mặn |
draft | draft law, bill, law, legislation | dự luật, luật, đạo luật | 法案, 法律, 법안
data | data, hack, hacker, breach, cyberattack | dữ liệu, tin tặc, tấn công mạng | 数据, データ, 데이터
smoke | e-cigarette, vape, vaping, cigarette, tobacco | thuốc lá điện tử, thuốc lá | 电子烟, 電子たばこ
trash | garbage, trash, rubbish | rác, rác thải | 垃圾, ごみ
nurse | nurse, nursing, caregiver, carer | điều dưỡng, hộ lý | 护士, 看護, 介護
poster | poster | áp phích | 海报
photo | photo, photograph, photographer | ảnh, bức ảnh, nhiếp ảnh gia | 照片, 写真
remit | remittance, overseas remittance | kiều hối | 侨汇, 送金
pepper | pepper | hồ tiêu, giá tiêu | 胡椒
wildfire | wildfire, forest fire | cháy rừng | 山火
budget | budget | ngân sách | 预算, 予算
phone | phone, mobile phone, smartphone | điện thoại, di động | 手机
symphony | symphony, symphony orchestra, orchestra | giao hưởng, dàn nhạc | 交响, 오케스트라, 교향악단
phonetalk | phone talk | điện đàm | 电话会谈
restitution | return artefact, artefact, antique | cổ vật, hiện vật | 文物
committee | joint committee | ủy ban hỗn hợp, uỷ ban hỗn hợp |
brace | brace | cú đúp |
missing | missing | mất tích | 失踪, 不明, 실종
cityrank | ranking, rank, index | xếp hạng, chỉ số | 排名
teacher | teacher, lecturer, professor | giáo viên, giảng viên, giáo sư | 教师, 教授
tuition | tuition, tuition fee, fee | học phí, phí | 学费
admission | admission, enrol, enroll | tuyển sinh, nhập học | 招生
lawsuit | lawsuit, sue | kiện, khởi kiện | 诉讼
recall | recall | thu hồi | 召回, リコール
blackout | blackout, power cut, outage | mất điện, cúp điện, sự cố | 停电, 停電
volcano | volcano, eruption, erupt | núi lửa, phun trào | 火山
tsunami | tsunami | sóng thần | 海啸, 津波
drought | drought | hạn hán, hạn mặn, khô hạn | 干旱
cold | cold, cold spell, cold snap, snow | không khí lạnh, rét, tuyết | 寒潮, 雪
fog | fog, smog, haze | sương mù, khói mù | 雾
poison | poison, food poisoning, poisoning | ngộ độc | 食物中毒, 食中毒
counterfeit | counterfeit, fake | hàng giả, giả, làm giả | 假货
seize | seize, confiscate, bust | thu giữ, bắt giữ | 查获, 押収
theft | theft, steal, thief, rob, robbery, burglar | trộm, cướp, trộm cắp | 盗窃, 強盗
murder | murder, stab, shoot, shooting | giết người, đâm chết, xả súng, nổ súng | 谋杀, 枪击
explode | explosion, explode, blast | nổ, vụ nổ | 爆炸, 爆発, 폭발
collapse | collapse | sập, đổ sập | 倒塌, 崩落, 붕괴
bus | bus, coach, waterbus | xe buýt, xe khách, buýt | 公交, バス, 버스
truck | truck, lorry, container truck, tractor trailer | xe tải, xe container, xe đầu kéo | 卡车, トラック
motorbike | motorbike, motorcycle, scooter | xe máy, mô tô | 摩托, バイク
car | car, automaker, vehicle | ô tô, xe hơi, xe | 汽车, 自動車
electricvehicle | electric vehicle, ev, electric car, electric bus | xe điện, ô tô điện, xe buýt điện | 电动
parking | parking | bãi đỗ xe, đậu xe, đỗ xe | 停车
tunnel | tunnel, underpass | hầm, hầm chui | 隧道, トンネル
park | park, zoo, botanical garden | công viên, thảo cầm viên, vườn thú | 公园, 公園, 공원
river | river, canal, waterway | sông, kênh, rạch, đường thủy | 河, 川
island | island | đảo | 岛, 島
beach | beach | bãi biển, biển | 海滩
fisherman | fisherman, fishermen, fishing boat | ngư dân, tàu cá | 渔民, 漁船
crew | crew, sailor, seafarer | thuyền viên, thủy thủ, thuỷ thủ | 船员
cruise | cruise, cruise ship, liner | tàu du lịch, du thuyền, tàu biển du lịch | 邮轮, クルーズ
hotel | hotel, resort | khách sạn, khu nghỉ dưỡng | 酒店, ホテル, 호텔
passenger | passenger, rider | hành khách, khách, lượt khách | 乘客, 乗客
guest | guest, customer, client | khách hàng, khách | 客户, 顧客
passport | passport | hộ chiếu | 护照, 旅券
name | rename | đổi tên, đặt tên | 命名
beauty | beauty, pageant, miss universe, miss world | hoa hậu, sắc đẹp | 选美
singer | singer, artist, band | ca sĩ, nghệ sĩ, ban nhạc | 歌手
theatre | theatre, theater, opera house, opera | nhà hát, sân khấu, kịch | 剧院, 劇場, 극장
painting | painting, painter | tranh, họa sĩ, hoạ sĩ, hội họa | 绘画, 絵画
fireworks | firework | pháo hoa | 烟花, 花火
parade | parade, march past | diễu binh, diễu hành | 阅兵, パレード
flower | flower, flower street | hoa, đường hoa | 花
christmas | christmas | giáng sinh, noel | 圣诞
midautumn | mid autumn, mooncake | trung thu, bánh trung thu | 中秋
aodai | ao dai | áo dài | 奥黛, アオザイ
remains | remain, martyr, war dead | hài cốt, liệt sĩ | 遗骸, 遺骨
agentorange | agent orange, dioxin | chất độc da cam, dioxin | 橙剂
peacekeeping | peacekeep, peacekeeper | gìn giữ hòa bình, mũ nồi xanh | 维和
drill | drill, exercise | diễn tập, tập trận | 演习, 訓練
merger | merge, merger, acquire, acquisition, takeover, buy | sáp nhập, thâu tóm, mua lại, mua | 并购, 買収
layoff | layoff, lay off, job cut | sa thải, cắt giảm nhân sự | 裁员
bankrupt | bankrupt, bankruptcy | phá sản | 破产, 倒産
bond | bond | trái phiếu | 债券
profit | profit, revenue, turnover | lợi nhuận, doanh thu | 利润, 売上
remuneration | bonus | thưởng, thưởng tết | 奖金
datacentre | data centre, data center | trung tâm dữ liệu | 数据中心
nuclear | nuclear, nuclear power | hạt nhân, điện hạt nhân | 核
lng | lng, gas | khí đốt, khí, lng | 天然气
steel | steel | thép | 钢
textile | textile, garment, footwear | dệt may, da giày | 纺织
wood | wood, furniture | gỗ, nội thất | 木
dumping | dumping, anti dumping | bán phá giá, chống bán phá giá | 反倾销
customs | custom | hải quan | 海关, 税関
ecommerce | e commerce, online shop | thương mại điện tử | 电商
logistics | logistic, warehouse, cold storage | logistics, kho lạnh, kho bãi | 物流
industrialpark | industrial park, export processing zone | khu công nghiệp, khu chế xuất | 工业园
supermarket | supermarket, retailer, retail, mall | siêu thị, bán lẻ, trung tâm thương mại | 超市
market | market | thị trường, chợ | 市场, 市場
quarter | quarter | quý | 季度, 四半期
half | first half, six month | nửa đầu năm, sáu tháng | 上半年
organ | organ, transplant, heart, kidney, liver | ghép tạng, ghép tim, ghép thận, ghép gan, hiến tạng | 移植
cancer | cancer, tumour, tumor | ung thư, khối u | 癌
birth | birth, newborn, twin, population | sinh, sơ sinh, song sinh, dân số | 出生, 人口
elderly | elderly, pension, retire, retirement | người cao tuổi, lương hưu, nghỉ hưu | 老人, 年金
alcohol | alcohol, beer, wine, drink | rượu, bia, nồng độ cồn | 酒
drinkdrive | drunk driv, drunk driver | nồng độ cồn, say xỉn |
fine | fine, penalty, penalise | phạt, xử phạt, tiền phạt | 罚款, 罰金
permit | permit, licence, license | giấy phép, cấp phép | 许可, 許可
social | social media, facebook, tiktok, platform | mạng xã hội, facebook, tiktok, nền tảng | 社交媒体, SNS
app | app, application, digital | ứng dụng, số, chuyển đổi số, kỹ thuật số | 应用, デジタル
robot | robot | robot, rô bốt | 机器人
telecom | telecom, 5g, internet, undersea cable | viễn thông, 5g, internet, cáp quang biển | 通信
tree | tree, forest, mangrove | cây xanh, rừng, rừng ngập mặn | 森林
animal | animal, elephant, whale, dolphin, turtle, tiger, bear, monkey | động vật, voi, cá voi, cá heo, rùa, hổ, gấu, khỉ | 动物, 動物
pig | pig, pork, swine, african swine fever | heo, lợn, thịt heo, dịch tả heo | 猪
chicken | chicken, poultry, egg, bird flu | gà, gia cầm, trứng, cúm gia cầm | 鸡
sugar | sugar, salt | đường cát, muối | 糖
coach | coach, manager | huấn luyện viên, hlv | 教练, 監督
player | player, striker, goalkeeper, footballer | cầu thủ, tiền đạo, thủ môn | 球员, 選手
ticket | ticket | vé | 门票, チケット
league | league, championship, tournament | giải đấu, giải vô địch, giải | 联赛, 大会
tennis | tennis, badminton, table tennis | quần vợt, cầu lông, bóng bàn | 网球
swim | swim, athletics, runner | bơi, điền kinh, vận động viên | 游泳
seagames | sea games | sea games | 东南亚运动会
asiad | asian games, olympic, world cup, asian cup | á vận hội, olympic, world cup, asian cup | 奥运, 五輪
resolution | resolution, decree, circular, regulation | nghị quyết, nghị định, thông tư, quy định | 决议, 法令
approve | approve, pass, adopt, ratify | thông qua, phê duyệt, phê chuẩn, duyệt | 批准, 承認
propose | propose, proposal | đề xuất, kiến nghị | 提议, 提案
delay | delay, postpone, cancel | hoãn, trì hoãn, hủy, huỷ | 推迟, 延期
reopen | reopen, resume, restart | mở lại, nối lại, hoạt động trở lại | 重开, 再開
expand | expand, expansion, extend, extension, upgrade | mở rộng, gia hạn, nâng cấp | 扩大, 拡大
handover | present credential, credential | trình quốc thư, quốc thư | 国书
farewell | farewell, outgoing | chào từ biệt, từ biệt, kết thúc nhiệm kỳ | 离任
newenvoy | new ambassador, incoming | nhậm chức, tân | 新任
congratulate | congratulate, congratulation, condolence | chúc mừng, điện mừng, chia buồn | 祝贺
statement | statement, spokesperson, spokesman | tuyên bố, phát ngôn, người phát ngôn | 发言人
strategic | comprehensive strategic partnership, strategic partnership | đối tác chiến lược toàn diện, đối tác chiến lược | 战略伙伴
friendshipassociation | friendship association | hội hữu nghị | 友好协会
youth | youth, young | thanh niên, trẻ | 青年
women | women, woman | phụ nữ | 妇女, 女性
volunteer | volunteer, charity | tình nguyện, từ thiện | 志愿
training | train, training, course | đào tạo, tập huấn, khóa học, khoá học | 培训, 研修
research | research, study, scientist | nghiên cứu, nhà khoa học | 研究
spill | spill, leak | tràn dầu, rò rỉ | 泄漏
traffic | traffic, congestion, jam | giao thông, ùn tắc, kẹt xe | 交通
ringroad | ring road, ring road 3 | vành đai, đường vành đai | 环城
highspeed | high speed rail, high speed railway | đường sắt tốc độ cao | 高铁, 高速鉄道
terminal | terminal, passenger terminal | nhà ga hành khách, nhà ga | 航站楼
route | route, direct flight, direct route, nonstop | đường bay thẳng, đường bay, tuyến, bay thẳng | 航线, 路線, 직항
flag | first, first time | lần đầu, lần đầu tiên, đầu tiên | 首次, 初, 최초
"""
